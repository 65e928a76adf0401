import { describe, expect, test } from 'vitest';
import { begin, type Expectation, inside, rollback, statement } from '../src/conformance/case.ts';
import { type DataApiAnswer, type DataApiBody, runCase, type Send, sendAs } from '../src/conformance/index.ts';

const caller = { resourceArn: 'cluster', secretArn: 'secret', database: 'scratch' };

test('a request waits while the database resumes, and has the cluster, the secret and the database', async () => {
  const sent: unknown[] = [];
  const send = sendAs(
    caller,
    async (url, body) => {
      sent.push([url, body]);
      if (sent.length > 1) return Response.json({ records: [] });
      return new Response('{}', { status: 400, headers: { 'x-amzn-errortype': 'DatabaseResumingException:http' } });
    },
    'https://data.example',
  );
  expect(await send('/Execute', { sql: 'SELECT 1' })).toEqual({ status: 200, errorName: null, body: { records: [] } });
  const request = ['https://data.example/Execute', { ...caller, sql: 'SELECT 1' }];
  expect(sent).toEqual([request, request]);
});

/** Answers every request with success, and the statement of the case with this answer. */
const answering =
  (body: DataApiBody, more: Partial<DataApiAnswer> = {}): Send =>
  async (_, request) => {
    const isStep = 'sql' in request && request.sql === 'SELECT';
    return isStep ? { status: 200, errorName: null, body, ...more } : { status: 200, errorName: null, body: {} };
  };
const refusing = (message: string, errorName = 'BadRequestException') =>
  answering({ message }, { status: 400, errorName });

const run = (expectation: Expectation, send: Send) =>
  runCase({ name: 'only', steps: [statement('SELECT', expectation)] }, send, 'many');

describe('the expected answer passes', () => {
  test.each<[Expectation, Send]>([
    [{ records: [[{ longValue: 1 }]] }, answering({ records: [[{ longValue: 1 }]] })],
    [{ records: [[{ doubleValue: 1 }]], tolerance: 0.1 }, answering({ records: [[{ doubleValue: 1.05 }]] })],
    [{ columns: [{ name: 'a' }] }, answering({ columnMetadata: [{ name: 'a', type: 4 }] })],
    [{ formatted: [{ n: 1 }] }, answering({ formattedRecords: '[{"n":1}]' })],
    [{ error: { names: ['BadRequestException'], message: /SYNTAX/i } }, refusing('syntax error')],
    [{ error: { names: ['BadRequestException', 'InternalFailure'] } }, refusing('', 'InternalFailure')],
  ])('%j', async (expectation, send) => {
    await expect(run(expectation, send)).resolves.toBeUndefined();
  });
});

describe('any other answer fails with the difference', () => {
  test.each<[Expectation, Send, string]>([
    [
      { records: [[{ longValue: 1 }]] },
      answering({ records: [[{ longValue: 2 }]] }),
      'records: [[{"longValue":2}]], not',
    ],
    [{ records: [[{ longValue: 1 }]] }, refusing('no'), 'it answered 400 BadRequestException no'],
    [
      { records: [[{ doubleValue: 1 }]], tolerance: 0.1 },
      answering({ records: [[{ doubleValue: 1.5 }]] }),
      'records: ',
    ],
    [{ rows: 2 }, answering({ records: [[]] }), 'the number of records: 1, not 2'],
    [{ updated: 1 }, answering({}), 'numberOfRecordsUpdated: undefined, not 1'],
    [
      { columns: [{ name: 'a' }] },
      answering({ columnMetadata: [{ name: 'b' }] }),
      'columnMetadata[0]: {"name":"b"}, not',
    ],
    [{ columns: [{ name: 'a' }] }, answering({}), 'the number of columns: 0, not 1'],
    [{ formatted: [] }, answering({}), 'formattedRecords: null, not []'],
    [
      { error: { names: ['BadRequestException'], message: /SYNTAX/ } },
      refusing('syntax error'),
      'does not match /SYNTAX/',
    ],
    [{ error: { names: ['BadRequestException'] } }, refusing('', 'InternalFailure'), 'the error is InternalFailure'],
    [{ error: { names: ['BadRequestException'] } }, answering({}), 'the error is null'],
  ])('%j', async (expectation, send, difference) => {
    await expect(run(expectation, send)).rejects.toThrow(/^step 1, \/Execute SELECT: /);
    await expect(run(expectation, send)).rejects.toThrow(difference);
  });
});

test('a case runs in an empty schema, sends the id of its transaction, and leaves no transaction open', async () => {
  const sent: string[] = [];
  const send: Send = async (path, request) => {
    sent.push(
      `${path} ${'sql' in request ? request.sql : ''}${'transactionId' in request ? ` in ${request.transactionId}` : ''}`,
    );
    return { status: 200, errorName: null, body: path === '/BeginTransaction' ? { transactionId: 'first' } : {} };
  };
  const steps = [begin, inside(statement('SELECT', {})), { ...rollback, expect: {} }];
  await runCase({ name: 'only', setup: ['CREATE'], steps }, send, 'many');
  expect(sent).toEqual([
    '/Execute DROP SCHEMA public CASCADE',
    '/Execute CREATE SCHEMA public',
    '/Execute CREATE',
    '/BeginTransaction ',
    '/Execute SELECT in first',
    '/RollbackTransaction  in first',
    '/RollbackTransaction  in first',
  ]);
});
