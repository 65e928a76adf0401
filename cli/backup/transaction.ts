import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { type DatabaseTarget, dataApi } from '../../functions/database/data-api.ts';
import type { Database } from '../../functions/database/database.ts';

/** A client of the Data API, and the database that it works on. */
export interface Connection {
  readonly client: RDSDataClient;
  readonly target: DatabaseTarget;
}

/** Long enough for any export or restore. */
const signal = (): AbortSignal => AbortSignal.timeout(24 * 3_600_000);

/** Runs work in one transaction, which is rolled back when it fails. */
export async function inTransaction<Result>(
  { client, target }: Connection,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId } = await client.send(new BeginTransactionCommand(target));
  if (!transactionId) throw new Error('the Data API began no transaction');
  try {
    const result = await work(dataApi(client, { ...target, transactionId }, signal()));
    await client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }));
    return result;
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId })).catch(() => {});
    throw error;
  }
}
