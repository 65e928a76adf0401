import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { type DailyPnl, MOST_DAYS_OF_PNL } from './contract.ts';
import { dayAfter, daysBetween } from './days.ts';
import * as store from './store.ts';

/** The P&L of each day and snapshot of a bot, with its running total. @throws InvalidInput when the range is reversed or too long */
export async function dailyPnl(
  database: Database,
  query: { readonly bot_id: string; readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<{ from: string | null; to: string | null; days: DailyPnl[] }> {
  const to = query.to ?? (await store.lastSummarisedDay(database, query.bot_id)) ?? query.from;
  if (to === undefined) return { from: null, to: null, days: [] };
  const from = query.from ?? dayAfter(to, 1 - MOST_DAYS_OF_PNL);
  if (to < from) throw new InvalidInput([{ path: 'to', message: 'must not be before `from`' }]);
  const length = daysBetween(from, to);
  if (length > MOST_DAYS_OF_PNL)
    throw new InvalidInput([{ path: 'from', message: `${length} days; at most ${MOST_DAYS_OF_PNL} at once` }]);
  return { from, to, days: await store.dailyPnl(database, query.bot_id, { from, to }) };
}
