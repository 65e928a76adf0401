import { expectEqual, expectToInclude } from '../expectation.ts';
import type { Case, Expectation, Step } from './cases.ts';
import { type DataApiAnswer, type DataApiBody, execute, type Send } from './send.ts';

/** Runs a case in a schema that it may fill. With `one` session, steps outside an open transaction are left out.
 *  @throws Error that names the answer that differs */
export async function runCase({ setup_sql, steps }: Case, send: Send, sessions: 'one' | 'many'): Promise<void> {
  await execute(send, 'DROP SCHEMA public CASCADE');
  await execute(send, 'CREATE SCHEMA public');
  for (const sql of setup_sql) await execute(send, sql);
  let transactionId: string | undefined;
  try {
    for (const step of steps) {
      if (step.expect.outside_transaction && sessions === 'one') continue;
      const answer = await send(step.path, requestOf(step, transactionId));
      check(answer, step);
      transactionId = answer.body.transactionId ?? transactionId;
    }
  } finally {
    // The next case would wait for a transaction that this one left open.
    if (transactionId !== undefined) await send('/RollbackTransaction', { transactionId });
  }
}

/** Replaces the file's descriptions of long values. */
function requestOf({ request }: Step, transactionId: string | undefined): object {
  const json = JSON.stringify(request)
    .replace('"{{tx}}"', JSON.stringify(transactionId ?? null))
    .replace('<\\"A\\" x 100000>', () => 'A'.repeat(100_000))
    .replace('<\\"select \\" + 65536 times \\"1\\">', () => `select ${'1'.repeat(65_536)}`);
  return JSON.parse(json);
}

function check({ status, errorType, body }: DataApiAnswer, { status: expectedStatus, expect }: Step): void {
  if (status !== expectedStatus) throw new Error(`the status is ${status}: ${errorType ?? ''} ${body.message ?? ''}`);
  const { records, n_records, columnMetadata_partial, updateResults, error } = expect;
  if (records) expectEqual(comparable(body.records, expect), records, 'the records');
  if (n_records !== undefined) expectEqual(body.records?.length, n_records, 'the count of records');
  if (columnMetadata_partial) expectToInclude(body.columnMetadata, columnMetadata_partial, 'columnMetadata');
  if (updateResults) expectEqual(body.updateResults, updateResults, 'updateResults');
  for (const name of ['numberOfRecordsUpdated', 'transactionStatus'] as const) {
    if (expect[name] !== undefined) expectEqual(body[name], expect[name], name);
  }
  if (expect.transactionId) expectToMatch(body.transactionId, /^.{1,192}$/);
  if (error) checkError({ errorType, message: body.message }, error);
}

function checkError(
  { errorType, message }: { readonly errorType: string | null; readonly message: string | undefined },
  { type, type_any_of, message_matches }: NonNullable<Expectation['error']>,
): void {
  const types = type_any_of ?? [type];
  if (!types.includes(errorType ?? '')) throw new Error(`the error is ${errorType}, not ${types.join(' or ')}`);
  if (!message_matches) return;
  const ignoreCase = message_matches.startsWith('(?i)');
  expectToMatch(message, new RegExp(message_matches.replace('(?i)', ''), ignoreCase ? 'i' : ''));
}

function expectToMatch(text: string | undefined, pattern: RegExp): void {
  if (!pattern.test(text ?? '')) throw new Error(`${JSON.stringify(text)} does not match ${pattern}`);
}

/** The actual records with what the file compares loosely (JSON as text, rounded doubles) brought into its form. */
function comparable(actual: DataApiBody['records'], { records, tolerance = 0 }: Expectation): unknown {
  return actual?.map((row, rowIndex) =>
    row.map((field, column) => {
      const wanted = records?.[rowIndex]?.[column] ?? {};
      if (wanted.stringValue_json_equal) return { stringValue_json_equal: JSON.parse(String(field.stringValue)) };
      const isClose = Math.abs(Number(field.doubleValue) - Number(wanted.doubleValue)) <= tolerance;
      return isClose ? wanted : field;
    }),
  );
}
