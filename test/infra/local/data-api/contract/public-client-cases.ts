import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DataApi, WireField } from '../client.ts';

type ExpectedField = WireField & { readonly stringValue_json_equal?: object };
type Expectation = {
  readonly records?: readonly (readonly ExpectedField[])[];
  readonly n_records?: number;
  readonly columnMetadata_partial?: readonly object[];
  readonly numberOfRecordsUpdated?: number;
  readonly updateResults?: readonly object[];
  readonly transactionId?: string;
  readonly transactionStatus?: string;
  readonly outside_transaction?: boolean;
  readonly tolerance?: number;
  readonly error?: {
    readonly type?: string;
    readonly type_any_of?: readonly string[];
    readonly message_matches?: string;
  };
};
type Step = {
  readonly path: string;
  readonly request: { readonly sql?: string; readonly transactionId?: string };
  readonly status: number;
  readonly expect: Expectation;
};
type Case = { readonly name: string; readonly setup_sql?: readonly string[]; readonly steps: readonly Step[] };
type Answer = Awaited<ReturnType<DataApi['post']>>;

const file = new URL('../../../../../../shared/data/data-api-cases.json', import.meta.url);
const isThere = existsSync(file);
const { cases }: { cases: readonly Case[] } = isThere ? JSON.parse(readFileSync(file, 'utf8')) : { cases: [] };

/** What public clients' own integration tests found at Aurora. PGlite has one session, which an open transaction keeps. */
export function publicClientCases(api: DataApi, sessions: 'one' | 'many'): void {
  describe('answers as public clients found Aurora to answer', () => {
    test.skipIf(!isThere)('the cases are there (all skipped without ../shared/data/data-api-cases.json)', () => {
      expect(cases.length).toBeGreaterThan(30);
    });

    beforeEach(async () => {
      await api.execute('DROP SCHEMA public CASCADE');
      await api.execute('CREATE SCHEMA public');
    });

    test.each(cases)('$name', async ({ setup_sql = [], steps }) => {
      for (const sql of setup_sql) await api.execute(sql);
      let transactionId: string | undefined;
      for (const step of steps) {
        if (step.expect.outside_transaction && sessions === 'one') continue;
        const answer = await api.post(step.path, requestOf(step, transactionId));
        check(answer, step);
        transactionId = answer.body.transactionId ?? transactionId;
      }
      // Leaves no transaction open that the next case would wait for.
      if (steps.some(({ path }) => path === '/BeginTransaction')) {
        await api.post('/RollbackTransaction', { transactionId });
      }
    });
  });
}

/** The file describes what is long in words. */
function requestOf({ request }: Step, transactionId: string | undefined): object {
  const json = JSON.stringify(request)
    .replace('"{{tx}}"', JSON.stringify(transactionId ?? null))
    .replace('<\\"A\\" x 100000>', () => 'A'.repeat(100_000))
    .replace('<\\"select \\" + 65536 times \\"1\\">', () => `select ${'1'.repeat(65_536)}`);
  return JSON.parse(json);
}

function check({ status, error, body }: Answer, { status: expectedStatus, expect: expected }: Step): void {
  expect({ status, body }).toMatchObject({ status: expectedStatus });
  const { records, n_records, columnMetadata_partial, numberOfRecordsUpdated, updateResults, transactionStatus } =
    expected;
  if (records) expect(comparable(body.records, records, expected.tolerance)).toEqual(records);
  if (n_records !== undefined) expect(body.records).toHaveLength(n_records);
  if (columnMetadata_partial) expect(body.columnMetadata).toMatchObject(columnMetadata_partial);
  if (numberOfRecordsUpdated !== undefined) expect(body.numberOfRecordsUpdated).toBe(numberOfRecordsUpdated);
  if (updateResults) expect(body.updateResults).toEqual(updateResults);
  if (transactionStatus) expect(body.transactionStatus).toBe(transactionStatus);
  if (expected.transactionId) expect(body.transactionId).toMatch(/^.{1,192}$/);
  if (expected.error) checkError({ error, message: body.message }, expected.error);
}

function checkError(
  { error, message }: { readonly error: string | null; readonly message?: string | undefined },
  { type, type_any_of, message_matches }: NonNullable<Expectation['error']>,
): void {
  expect(type_any_of ?? [type]).toContain(error);
  const ignoreCase = message_matches?.startsWith('(?i)');
  if (message_matches) expect(message).toMatch(new RegExp(message_matches.replace('(?i)', ''), ignoreCase ? 'i' : ''));
}

/** The actual records with what the file compares loosely (JSON as text, rounded doubles) brought into its form. */
function comparable(
  actual: readonly (readonly WireField[])[] | undefined,
  expected: readonly (readonly ExpectedField[])[],
  tolerance = 0,
): readonly (readonly ExpectedField[])[] | undefined {
  return actual?.map((row, rowIndex) =>
    row.map((field, column) => {
      const wanted = expected[rowIndex]?.[column] ?? {};
      if (wanted.stringValue_json_equal) return { stringValue_json_equal: JSON.parse(field.stringValue ?? '') };
      const isClose = Math.abs(Number(field.doubleValue) - Number(wanted.doubleValue)) <= tolerance;
      return isClose ? wanted : field;
    }),
  );
}
