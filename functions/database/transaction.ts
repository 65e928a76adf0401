import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { type DatabaseTarget, dataApi } from './data-api.ts';
import type { Database } from './database.ts';

/** A client of the Data API, and its database. */
export interface Connection {
  readonly client: RDSDataClient;
  readonly target: DatabaseTarget;
}

/** Runs work in one transaction, and rolls it back on an error. Statements are not retried. Fails once `signal` is aborted. */
export async function inTransaction<Result>(
  { client, target }: Connection,
  signal: AbortSignal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId } = await client.send(new BeginTransactionCommand(target), { abortSignal: signal });
  if (!transactionId) throw new Error('the Data API returned no transaction id');
  try {
    const result = await work(dataApi(client, { ...target, transactionId }, signal));
    await client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }), { abortSignal: signal });
    return result;
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId })).catch(() => {});
    throw error;
  }
}
