import type * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { InvalidInput } from '../../errors.ts';
import { daysBetween } from '../../summaries/days.ts';
import { instantsOf } from '../window.ts';
import { type groupTrades, MOST_DAYS_OF_GROUPS } from './contract.ts';
import { byDimension } from './groups.ts';
import * as store from './store.ts';

type Query = z.output<NonNullable<(typeof groupTrades)['input']['query']>>;

/** Groups the trades that were closed on some trading days. @throws InvalidInput when there are too many days */
export async function tradesInGroups(database: Database, { bot_id, from, to = from, ...filter }: Query) {
  const length = daysBetween(from, to);
  if (length > MOST_DAYS_OF_GROUPS)
    throw new InvalidInput([{ path: 'from', message: `${length} days; at most ${MOST_DAYS_OF_GROUPS} at once` }]);
  const closed = { ...(await instantsOf(database, { first: from, last: to })), ...filter };
  const [trades, signals, by_pnl] = await Promise.all([
    store.tradeGroups(database, bot_id, closed),
    store.signalGroups(database, bot_id, closed),
    store.pnlRanges(database, bot_id, closed),
  ]);
  const { total, ...groups } = byDimension([...trades, ...signals], {
    total: 'total',
    by_outcome: 'outcome',
    by_symbol: 'symbol',
    by_trigger: 'trigger',
    by_hour: 'hour',
    by_weekday: 'weekday',
    by_score: 'score',
    by_indicator_count: 'indicator_count',
    by_indicator: 'indicator',
  });
  return { from, to, total: total[0] ?? null, ...groups, by_pnl };
}
