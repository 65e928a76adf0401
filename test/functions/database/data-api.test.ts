import {
  BadRequestException,
  BeginTransactionCommand,
  CommitTransactionCommand,
  DatabaseErrorException,
  DatabaseResumingException,
  ExecuteStatementCommand,
  RDSDataClient,
  RDSDataServiceException,
  RollbackTransactionCommand,
  ServiceUnavailableError,
  TransactionNotFoundException,
  UnsupportedResultException,
} from '@aws-sdk/client-rds-data';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { dataApi } from '../../../functions/database/data-api.ts';
import { StatementFailed } from '../../../functions/database/database-error.ts';
import { sql } from '../../../functions/database/sql.ts';
import { Conflict, DatabaseUnavailable, KeyReused, NotFound, ResultTooLarge } from '../../../functions/errors.ts';
import { mockedClient } from '../../support/mocked-client.ts';

const rds = mockedClient(RDSDataClient);
const target = { resourceArn: 'cluster', secretArn: 'secret', database: 'strategies' };
const Row = z.object({ n: z.int() });
const answer = { records: [[{ longValue: 7 }]], columnMetadata: [{ name: 'n', typeName: 'int4' }] };
const metadata = { $metadata: {} };
const resuming = new DatabaseResumingException({ message: 'resuming', ...metadata });
const refused = (state: string, text = 'no') =>
  new DatabaseErrorException({ message: `ERROR: ${text}; SQLState: ${state}`, ...metadata });
const ask = ({ transactionId, patience = 5_000 }: { transactionId?: string; patience?: number } = {}) =>
  dataApi(
    new RDSDataClient({}),
    { ...target, ...(transactionId ? { transactionId } : {}) },
    AbortSignal.timeout(patience),
  ).one(Row, sql`SELECT ${7}::integer AS n`);

describe('a statement', () => {
  test('binds each value as its own parameter', async () => {
    rds.on(ExecuteStatementCommand).resolves(answer);
    const inner = sql`b = ${'x'}`;
    await dataApi(new RDSDataClient({}), target, AbortSignal.timeout(1000)).one(
      Row,
      sql`SELECT ${1} WHERE ${inner} AND ${null} IS NULL`,
    );
    expect(rds).toHaveReceivedCommandWith(ExecuteStatementCommand, {
      sql: 'SELECT :p1 WHERE b = :p2 AND :p3 IS NULL',
      parameters: [
        { name: 'p1', value: { longValue: 1 } },
        { name: 'p2', value: { stringValue: 'x' } },
        { name: 'p3', value: { isNull: true } },
      ],
    });
  });

  test('is retried while a paused database resumes, which the SDK does not do', async () => {
    rds.on(ExecuteStatementCommand).rejectsOnce(resuming).rejectsOnce(resuming).resolves(answer);
    expect(await ask()).toEqual({ n: 7 });
    expect(rds).toHaveReceivedCommandTimes(ExecuteStatementCommand, 3);
  });

  test.each(['ThrottlingException', 'TooManyRequestsException'])('is retried on %s', async (name) => {
    const throttled = new RDSDataServiceException({ name, message: 'Rate exceeded', $fault: 'client', ...metadata });
    rds.on(ExecuteStatementCommand).rejectsOnce(throttled).rejectsOnce(throttled).resolves(answer);
    expect(await ask()).toEqual({ n: 7 });
    rds.on(ExecuteStatementCommand).rejects(throttled);
    await expect(ask({ patience: 400 })).rejects.toThrow(DatabaseUnavailable);
  });

  test('that deadlocks repeatedly fails in time', async () => {
    rds.on(ExecuteStatementCommand).rejects(refused('40P01'));
    await expect(ask({ patience: 400 })).rejects.toThrow(DatabaseUnavailable);
  });

  test.each(['40P01', '40001'])('is retried when PostgreSQL rolled it back (%s)', async (state) => {
    rds.on(ExecuteStatementCommand).rejectsOnce(refused(state)).resolves(answer);
    expect(await ask()).toEqual({ n: 7 });
  });

  test('is never retried inside a transaction', async () => {
    rds.on(ExecuteStatementCommand).rejectsOnce(refused('40001')).resolves(answer);
    await expect(ask({ transactionId: 't' })).rejects.toThrow(StatementFailed);
    expect(rds).toHaveReceivedCommandTimes(ExecuteStatementCommand, 1);
  });

  test('fails in time when the database stays paused', async () => {
    rds.on(ExecuteStatementCommand).rejects(resuming);
    await expect(ask({ patience: 400 })).rejects.toThrow(DatabaseUnavailable);
  });

  test('that is invalid fails at once', async () => {
    rds.on(ExecuteStatementCommand).rejects(new BadRequestException({ message: 'bad', ...metadata }));
    await expect(ask()).rejects.toThrow('bad');
    expect(rds).toHaveReceivedCommandTimes(ExecuteStatementCommand, 1);
  });
});

describe('a transaction', () => {
  const unavailable = new ServiceUnavailableError({ message: 'down', ...metadata });
  const lost = new TransactionNotFoundException({ message: 'Transaction t is not found', ...metadata });
  const run = (signal = AbortSignal.timeout(5_000)) =>
    dataApi(new RDSDataClient({}), target, signal).transaction((database) =>
      database.one(Row, sql`SELECT ${7}::integer AS n`),
    );
  beforeEach(() => {
    rds.on(BeginTransactionCommand).resolves({ transactionId: 't' });
    rds.on(ExecuteStatementCommand).resolves(answer);
    rds.on(CommitTransactionCommand).resolves({});
    rds.on(RollbackTransactionCommand).resolves({});
  });

  test('starts once a paused database has resumed', async () => {
    rds.on(BeginTransactionCommand).rejectsOnce(resuming).resolves({ transactionId: 't' });
    expect(await run()).toEqual({ n: 7 });
    expect(rds).toHaveReceivedCommandTimes(BeginTransactionCommand, 2);
    expect(rds).toHaveReceivedCommandTimes(ExecuteStatementCommand, 1);
  });

  test.each([
    { call: 'start', command: BeginTransactionCommand, error: unavailable },
    { call: 'statement', command: ExecuteStatementCommand, error: resuming },
    { call: 'statement', command: ExecuteStatementCommand, error: lost },
    { call: 'commit', command: CommitTransactionCommand, error: unavailable },
    { call: 'commit', command: CommitTransactionCommand, error: resuming },
    { call: 'commit', command: CommitTransactionCommand, error: lost },
  ])('of which the $call fails with $error.name can be sent again by the caller', async ({ command, error }) => {
    rds.on(command as typeof CommitTransactionCommand).rejects(error);
    await expect(run()).rejects.toThrow(DatabaseUnavailable);
    expect(rds).toHaveReceivedCommandTimes(command as typeof CommitTransactionCommand, 1);
  });

  test.each([
    { call: 'start', command: BeginTransactionCommand },
    { call: 'commit', command: CommitTransactionCommand },
  ])('whose time is over during its $call can be sent again by the caller', async ({ command }) => {
    const time = new AbortController();
    rds.on(command as typeof CommitTransactionCommand).callsFake(() => {
      time.abort();
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    });
    await expect(run(time.signal)).rejects.toThrow(DatabaseUnavailable);
  });
});

describe('an error of the database', () => {
  test.each([
    { state: 'ST404', error: NotFound },
    { state: 'ST409', error: Conflict },
    { state: 'ST422', error: KeyReused },
    { state: '55P03', error: DatabaseUnavailable },
    { state: '53100', error: DatabaseUnavailable },
    { state: '53300', error: DatabaseUnavailable },
    { state: '22P02', error: StatementFailed },
  ])('with $state is $error.name', async ({ state, error }) => {
    rds.on(ExecuteStatementCommand).rejects(refused(state));
    await expect(ask()).rejects.toThrow(error);
  });

  test('keeps its message, without hint, position and SQLSTATE', async () => {
    const message = 'ERROR: bot x has no snapshot 3; Hint: none; Position: 8; SQLState: ST404';
    rds.on(ExecuteStatementCommand).rejects(new DatabaseErrorException({ message, ...metadata }));
    await expect(ask()).rejects.toThrow(/^bot x has no snapshot 3$/);
  });

  test('for a result that is too large becomes ResultTooLarge', async () => {
    rds
      .on(ExecuteStatementCommand)
      .rejects(new UnsupportedResultException({ message: 'The result exceeds the size limit 1 MB.', ...metadata }));
    await expect(ask()).rejects.toThrow(ResultTooLarge);
  });
});
