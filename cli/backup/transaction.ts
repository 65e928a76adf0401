import { type Connection, inTransaction } from '../../functions/database/data-api.ts';
import type { Database } from '../../functions/database/database.ts';

/** The Data API ends a transaction after 24 hours. */
const LONGEST_MS = 24 * 3_600_000;

/** Runs work in one transaction, which is rolled back when it fails, for as long as the Data API keeps one. */
export const inLongTransaction = <Result>(
  connection: Connection,
  work: (database: Database) => Promise<Result>,
): Promise<Result> => inTransaction(connection, AbortSignal.timeout(LONGEST_MS), work);
