import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { type DatabaseTarget, dataApi } from './data-api.ts';
import type { Database } from './database.ts';

/** A database through a client of the Data API. */
export interface Connection {
  readonly client: RDSDataClient;
  readonly target: DatabaseTarget;
}

/** Runs work in one transaction, which is rolled back when it fails. Nothing in it is repeated; it fails once `signal` says so. */
export async function inTransaction<Result>(
  { client, target }: Connection,
  signal: AbortSignal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId } = await client.send(new BeginTransactionCommand(target), { abortSignal: signal });
  if (!transactionId) throw new Error('the Data API began no transaction');
  try {
    const result = await work(dataApi(client, { ...target, transactionId }, signal));
    await client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }), { abortSignal: signal });
    return result;
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId })).catch(() => {});
    throw error;
  }
}
