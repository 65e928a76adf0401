import { expect, test } from 'vitest';
import { CasesFile } from '../../../cli/smoke/data-api/cases.ts';
import { runCase } from '../../../cli/smoke/data-api/run-case.ts';
import { type DataApiAnswer, type Send, sendAs } from '../../../cli/smoke/data-api/send.ts';

const login = { resourceArn: 'cluster', secretArn: 'secret', database: 'scratch' };

test('a request waits for a database that resumes, and has the login', async () => {
  const sent: unknown[] = [];
  const send = sendAs(
    login,
    async (url, body) => {
      sent.push([url, body]);
      if (sent.length > 1) return Response.json({ records: [] });
      return new Response('{}', { status: 400, headers: { 'x-amzn-errortype': 'DatabaseResumingException:http' } });
    },
    'https://data.example',
  );
  expect(await send('/Execute', { sql: 'SELECT 1' })).toEqual({ status: 200, errorType: null, body: { records: [] } });
  const request = ['https://data.example/Execute', { ...login, sql: 'SELECT 1' }];
  expect(sent).toEqual([request, request]);
});

const answered = (body: object, more: Partial<DataApiAnswer> = {}): Send => {
  return async (_, request) => {
    const isStep = 'sql' in request && request.sql === 'SELECT';
    return isStep ? { status: 200, errorType: null, body, ...more } : { status: 200, errorType: null, body: {} };
  };
};
const refused = (message: string, errorType = 'BadRequestException') =>
  answered({ message }, { status: 400, errorType });

test.each<[object, Send, string | null]>([
  [{ records: [[{ longValue: 1 }]] }, answered({ records: [[{ longValue: 1 }]] }), null],
  [
    { records: [[{ longValue: 1 }]] },
    answered({ records: [[{ longValue: 2 }]] }),
    'the records is [[{"longValue":2}]]',
  ],
  [{ records: [[{ longValue: 1 }]] }, refused('no'), 'the status is 400: BadRequestException no'],
  [{ records: [[{ doubleValue: 1 }]], tolerance: 0.1 }, answered({ records: [[{ doubleValue: 1.05 }]] }), null],
  [{ records: [[{ doubleValue: 1 }]], tolerance: 0.1 }, answered({ records: [[{ doubleValue: 1.5 }]] }), 'the records'],
  [{ n_records: 2 }, answered({ records: [[]] }), 'the count of records is 1, not 2'],
  [{ numberOfRecordsUpdated: 1 }, answered({}), 'numberOfRecordsUpdated is undefined, not 1'],
  [{ columnMetadata_partial: [{ name: 'a' }] }, answered({ columnMetadata: [{ name: 'a', type: 4 }] }), null],
  [{ columnMetadata_partial: [{ name: 'a' }] }, answered({ columnMetadata: [{ name: 'b' }] }), 'columnMetadata/0/name'],
])('of %j', async (expectation, send, failure) => {
  const steps = [{ path: '/Execute', request: { sql: 'SELECT' }, status: 200, expect: expectation }];
  await expectRun(steps, send, failure);
});

test.each<[object, Send, string | null]>([
  [{ type: 'BadRequestException', message_matches: '(?i)SYNTAX' }, refused('syntax error'), null],
  [{ type: 'BadRequestException', message_matches: 'SYNTAX' }, refused('syntax error'), 'does not match /SYNTAX/'],
  [{ type: 'BadRequestException' }, refused('', 'InternalFailure'), 'the error is InternalFailure, not BadRequest'],
  [{ type_any_of: ['BadRequestException', 'InternalFailure'] }, refused('', 'InternalFailure'), null],
])('of the error %j', async (error, send, failure) => {
  await expectRun([{ path: '/Execute', request: { sql: 'SELECT' }, status: 400, expect: { error } }], send, failure);
});

async function expectRun(steps: readonly object[], send: Send, failure: string | null): Promise<void> {
  const [only] = CasesFile.parse({ cases: [{ name: 'only', steps }] }).cases;
  if (!only) throw new Error('there is a case');
  const run = runCase(only, send, 'many');
  await (failure === null ? expect(run).resolves.toBeUndefined() : expect(run).rejects.toThrow(failure));
}
