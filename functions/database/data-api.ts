import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  DatabaseResumingException,
  DatabaseUnavailableException,
  ExecuteStatementCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import type * as z from 'zod';
import { DatabaseUnavailable, TooLarge } from '../errors.ts';
import type { Database } from './database.ts';
import { databaseError, mayRunAgain } from './database-error.ts';
import { rowsOf } from './rows.ts';
import { rendered, type Sql } from './sql.ts';

/** A database, and the login for it. */
export interface DatabaseTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Statements run in this transaction, without retries. */
  readonly transactionId?: string;
}

/** Exponential back-off before the n-th retry, in milliseconds. A paused cluster takes 15–30 s to resume. */
const backOff = (retry: number): number => Math.min(250 * 2 ** retry, 2000);

/** Most retries of a statement that PostgreSQL rolled back. */
const MOST_ROLLBACK_RETRIES = 5;

/** Whether the service throttled the call, and so did not start it. The SDK has no error class for this, and retries only three times. */
const isThrottled = (error: unknown): boolean =>
  error instanceof Error && ['ThrottlingException', 'TooManyRequestsException'].includes(error.name);

/** Most bytes of parameters: the service accepts 4 MiB per request, including the statement, names and headers. */
const MOST_BYTES = 4 * 1024 * 1024 - 100_000;

/** @throws TooLarge when the parameters exceed the request limit. The exact size is computed only when it could be exceeded: a character
 *  takes at most six bytes in JSON. */
function refuseLarge(parameters: readonly SqlParameter[]): void {
  const characters = parameters.reduce((sum, { value }) => sum + (value?.stringValue?.length ?? 0), 0);
  if (characters > MOST_BYTES / 6 && Buffer.byteLength(JSON.stringify(parameters)) > MOST_BYTES)
    throw new TooLarge('the request exceeds the 4 MB that the database accepts at once: split it');
}

/** Calls the Data API. Unless `once`, it repeats calls that certainly had no effect: the cluster was paused, the call was throttled, or
 *  PostgreSQL rolled it back. @throws DatabaseUnavailable when `signal` is aborted before an answer, or the service is unavailable */
async function call<Answer>(
  send: () => Promise<Answer>,
  { signal, once = false, retry = 0 }: { signal: AbortSignal; once?: boolean; retry?: number },
): Promise<Answer> {
  try {
    return await send();
  } catch (thrown) {
    const error = databaseError(thrown);
    const notStarted =
      error instanceof DatabaseResumingException || error instanceof DatabaseUnavailableException || isThrottled(error);
    if (signal.aborted) throw new DatabaseUnavailable('the database did not answer in time', { cause: error });
    if (once && notStarted) throw new DatabaseUnavailable('the database service does not answer', { cause: error });
    if (once || !(notStarted || (mayRunAgain(error) && retry < MOST_ROLLBACK_RETRIES))) throw error;
    await sleep(backOff(retry), undefined, { signal }).catch(() => {
      throw new DatabaseUnavailable('the database did not answer in time', { cause: error });
    });
    return call(send, { signal, retry: retry + 1 });
  }
}

/** Connects to a database through the RDS Data API. Statements outside a transaction are repeated while they certainly had no effect. */
export function dataApi(client: RDSDataClient, target: DatabaseTarget, signal: AbortSignal): Database {
  async function execute(statement: Sql): Promise<Record<string, unknown>[]> {
    const { text, parameters } = rendered(statement);
    refuseLarge(parameters);
    const request = { ...target, sql: text, parameters, includeResultMetadata: true };
    return rowsOf(
      await call(() => client.send(new ExecuteStatementCommand(request), { abortSignal: signal }), {
        signal,
        once: target.transactionId !== undefined,
      }),
    );
  }

  /** Parses row by row: building an array schema takes longer than parsing a row. */
  const many = async <Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row[]> =>
    (await execute(statement)).map((each) => row.parse(each));

  const database: Database = {
    many,
    async one(row, statement) {
      const rows = await many(row, statement);
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
      return rows[0] as (typeof rows)[number];
    },
    async maybeOne(row, statement) {
      const rows = await many(row, statement);
      if (rows.length > 1) throw new Error(`expected at most one row, got ${rows.length}`);
      return rows[0] ?? null;
    },
    transaction: (work) => (target.transactionId ? work(database) : inTransaction({ client, target }, signal, work)),
  };
  return database;
}

/** A database through a client of the Data API. */
export interface Connection {
  readonly client: RDSDataClient;
  readonly target: DatabaseTarget;
}

/** Runs work in one transaction, which is rolled back when it fails. Only its start is repeated; it fails once `signal` says so. */
export async function inTransaction<Result>(
  { client, target }: Connection,
  signal: AbortSignal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId } = await call(
    () => client.send(new BeginTransactionCommand(target), { abortSignal: signal }),
    { signal },
  );
  if (!transactionId) throw new Error('the Data API began no transaction');
  try {
    const result = await work(dataApi(client, { ...target, transactionId }, signal));
    const end = new CommitTransactionCommand({ resourceArn, secretArn, transactionId });
    await call(() => client.send(end, { abortSignal: signal }), { signal, once: true });
    return result;
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId })).catch(() => {});
    throw error;
  }
}
