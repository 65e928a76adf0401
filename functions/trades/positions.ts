import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import type { Position } from './contract.ts';
import * as store from './store.ts';

/** Lists open positions, oldest first. */
export async function listPositions(
  database: Database,
  query: store.PositionFilter & { limit: number },
): Promise<{ positions: Position[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    query.limit,
    (limit) => store.positions(database, query, limit),
    ({ opened_at, book_id, entry_snapshot_id, side }) => [opened_at, book_id, entry_snapshot_id ?? '', side],
  );
  return { positions: items.map(({ book_id: _, ...position }) => position), next_cursor };
}
