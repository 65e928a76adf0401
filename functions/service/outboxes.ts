import { refuseFuture } from '../contract/future.ts';
import type { Database } from '../database/database.ts';
import type { Outbox, OutboxReport } from './contract.ts';
import * as store from './store.ts';

/** Records how the outbox of a bot's client stands. @throws InvalidInput when `at` is in the future */
export async function reportOutbox(database: Database, { at, ...report }: OutboxReport, now: Date): Promise<Outbox> {
  refuseFuture({ at }, now);
  return store.reportOutbox(database, { ...report, at: at ?? now.toISOString() });
}

/** What a bot's client last reported; null: nothing yet. */
export const outboxOf = (database: Database, bot_id: string): Promise<Outbox | null> => store.outbox(database, bot_id);
