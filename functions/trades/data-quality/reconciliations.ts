import { refuseFuture } from '../../contract/future.ts';
import type { Database } from '../../database/database.ts';
import type { Reconcile, Reconciliation } from './contract.ts';
import * as store from './store.ts';

/** Records that the trades of a bot were compared with the records of its own tool. The latest result of each source is kept.
 *  @throws NotFound when there is no such bot, InvalidInput when `at` is in the future */
export async function recordReconciliation(
  database: Database,
  { at, ...request }: Reconcile,
  now: Date,
): Promise<Reconciliation> {
  refuseFuture({ at }, now);
  return store.recordReconciliation(database, { ...request, at: at ?? now.toISOString() });
}

/** The latest comparison with each source, newest first. */
export const reconciliationsOf = (database: Database, bot_id: string): Promise<Reconciliation[]> =>
  store.reconciliations(database, bot_id);
