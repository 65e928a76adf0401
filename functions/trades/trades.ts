import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import type { Trade } from './contract.ts';
import * as store from './store.ts';

/** Lists closed trades, newest first. */
export async function listTrades(
  database: Database,
  query: store.TradeFilter & { limit: number },
): Promise<{ trades: Trade[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    query.limit,
    (limit) => store.trades(database, query, limit),
    ({ closed_at, order_id, part }) => [closed_at, order_id, part],
  );
  return { trades: items.map(({ part: _, ...trade }) => trade), next_cursor };
}
