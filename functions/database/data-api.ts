import { setTimeout as sleep } from 'node:timers/promises';
import {
  DatabaseResumingException,
  DatabaseUnavailableException,
  ExecuteStatementCommand,
  type RDSDataClient,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import type * as z from 'zod';
import { DatabaseUnavailable, TooLarge } from '../errors.ts';
import type { Database } from './database.ts';
import { databaseError, mayRunAgain } from './database-error.ts';
import { rowsOf } from './rows.ts';
import { rendered, type Sql } from './sql.ts';

/** Which database, as whom. */
export interface DatabaseTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Every statement runs in this transaction, and none is repeated. */
  readonly transactionId?: string;
}

/** How long to wait before the n-th repeat, in milliseconds: a paused cluster takes 15–30 s to resume. */
const backOff = (repeat: number): number => Math.min(250 * 2 ** repeat, 2000);

/** The service took too many calls and did not begin this one. Its model has no class for it, and the SDK tries three times only. */
const isThrottled = (error: unknown): boolean =>
  error instanceof Error && ['ThrottlingException', 'TooManyRequestsException'].includes(error.name);

/** The service takes 4 MiB, of which the statement, names and headers have a part. */
const MOST_BYTES = 4 * 1024 * 1024 - 100_000;

/** @throws TooLarge when what a statement is given would not pass. In JSON a character has six bytes at most. */
function refuseLarge(parameters: readonly SqlParameter[]): void {
  const characters = parameters.reduce((sum, { value }) => sum + (value?.stringValue?.length ?? 0), 0);
  if (characters > MOST_BYTES / 6 && Buffer.byteLength(JSON.stringify(parameters)) > MOST_BYTES)
    throw new TooLarge('the request is larger than the 4 MB that the database takes at once: send less of it');
}

/** A database over the RDS Data API. While `signal` allows, a statement is repeated that is known not to have run: the cluster
 *  was paused, the service throttled, or PostgreSQL undid it. After that, or with no answer by then: `DatabaseUnavailable`. */
export function dataApi(client: RDSDataClient, target: DatabaseTarget, signal: AbortSignal): Database {
  async function execute(statement: Sql, repeat = 0): Promise<Record<string, unknown>[]> {
    const { text, parameters } = rendered(statement);
    refuseLarge(parameters);
    try {
      return rowsOf(
        await client.send(
          new ExecuteStatementCommand({ ...target, sql: text, parameters, includeResultMetadata: true }),
          { abortSignal: signal },
        ),
      );
    } catch (thrown) {
      const error = databaseError(thrown);
      const notBegun =
        error instanceof DatabaseResumingException ||
        error instanceof DatabaseUnavailableException ||
        isThrottled(error);
      if (signal.aborted) throw new DatabaseUnavailable('the database did not answer in time', { cause: error });
      if (target.transactionId || !(notBegun || (mayRunAgain(error) && repeat < 5))) throw error;
      await sleep(backOff(repeat), undefined, { signal }).catch(() => {
        throw new DatabaseUnavailable('the database did not answer in time', { cause: error });
      });
      return execute(statement, repeat + 1);
    }
  }

  /** No schema is made of another here: that takes longer than to read a row with it. */
  const many = async <Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row[]> =>
    (await execute(statement)).map((each) => row.parse(each));

  return {
    many,
    async one(row, statement) {
      const rows = await many(row, statement);
      if (rows.length !== 1) throw new Error(`${rows.length} rows came where one was expected`);
      return rows[0] as (typeof rows)[number];
    },
    async maybeOne(row, statement) {
      const rows = await many(row, statement);
      if (rows.length > 1) throw new Error(`${rows.length} rows came where at most one was expected`);
      return rows[0] ?? null;
    },
  };
}
