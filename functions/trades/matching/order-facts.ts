import { byBytes } from './match.ts';
import type { BookKey, OrderFill } from './state.ts';

/** The facts of an order, derived from its fills. */
export interface OrderFacts extends BookKey {
  readonly order_id: string;
  readonly client_order_id: string | null;
  readonly side: 'buy' | 'sell';
  readonly source: string | null;
  readonly placed_at: string | null;
  readonly first_filled_at: string;
  readonly last_filled_at: string;
}

/** Derives the facts of an order. Book and side are those of its first fill, ids those of the first fill that has them; one manual fill
 *  makes the order manual. @param fills at least one */
export function orderFacts(order_id: string, fills: readonly OrderFill[]): OrderFacts {
  const ordered = fills.toSorted((a, b) =>
    a.filled_at === b.filled_at ? byBytes(a.fill_id, b.fill_id) : a.filled_at < b.filled_at ? -1 : 1,
  );
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last) throw new Error(`order ${order_id} has no fills`);
  const placed = ordered.flatMap(({ placed_at }) => placed_at ?? []).sort();
  return {
    order_id,
    symbol: first.symbol,
    position_side: first.position_side,
    position_id: first.position_id,
    client_order_id: ordered.find(({ client_order_id }) => client_order_id !== null)?.client_order_id ?? null,
    side: first.side,
    source: ordered.some(({ source }) => source === 'manual')
      ? 'manual'
      : (ordered.find(({ source }) => source !== null)?.source ?? null),
    placed_at: placed[0] ?? null,
    first_filled_at: first.filled_at,
    last_filled_at: last.filled_at,
  };
}
