import type { MatchingChange, NewFills } from './matching/plan.ts';
import {
  type BookState,
  bookKeyOf,
  type FillRow,
  type MatchingState,
  type OrderFill,
  type OrderMatch,
} from './matching/state.ts';

/** What this process knows of a bot from its last write: books with few open lots, and orders with few fills. */
interface KnownBot {
  readonly version: number;
  readonly books: ReadonlyMap<string, BookState>;
  readonly orders: ReadonlyMap<string, { readonly fills: readonly OrderFill[]; readonly match: OrderMatch }>;
}

/** Most bots, books and orders of a bot, and fills of an order that are remembered. */
const MOST = { bots: 50, books: 500, orders: 500, fillsOfOrder: 20 };

const bots = new Map<string, KnownBot>();

/** The state for new fills that come after all others of their books, without reading it; null when it is not known. The database writes
 *  what follows from it only if the bot's version is the same, and none of the fills and orders in `fresh` exists. */
export function knownState(
  botId: string,
  fills: readonly FillRow[],
): { readonly state: MatchingState; readonly fresh: NewFills } | null {
  const bot = bots.get(botId);
  if (!bot) return null;
  const books = new Map<string, BookState>();
  for (const fill of fills) {
    const key = bookKeyOf(fill);
    const book = bot.books.get(key);
    if (!book || fill.filled_at <= book.row.last_filled_at) return null;
    books.set(key, book);
  }
  const ids = [...new Set(fills.map(({ order_id }) => order_id))];
  const orders = ids.flatMap((id) => {
    const order = bot.orders.get(id);
    return order ? [[id, order] as const] : [];
  });
  const state: MatchingState = {
    version: bot.version,
    known: new Map(),
    first: new Map(),
    books,
    orders: new Map(orders.map(([id, { match }]) => [id, match])),
    order_fills: new Map(orders.map(([id, { fills: stored }]) => [id, stored])),
    truncated: new Set(),
  };
  return {
    state,
    fresh: { fills: fills.map(({ fill_id }) => fill_id), orders: ids.filter((id) => !bot.orders.has(id)) },
  };
}

/** Remembers what a change that was written to `before` has left. */
export function rememberState(botId: string, before: number, version: number, change: MatchingChange): void {
  const known = bots.get(botId);
  const same = known?.version === before ? known : null;
  const books = new Map(same?.books);
  for (const { lots, ...row } of change.books) {
    const key = bookKeyOf(row);
    books.delete(key);
    if (lots && row.position_id === '' && row.pending_from === null)
      books.set(key, { row, from_at: null, lots, more_lots: false, legs: [] });
  }
  const orders = new Map(same?.orders);
  for (const { order_id, allocations, unmatched_size, fills } of change.orders) {
    orders.delete(order_id);
    if (fills.length <= MOST.fillsOfOrder)
      orders.set(order_id, { fills, match: { allocations: allocations ?? [], unmatched_size } });
  }
  for (const { order_id } of change.rematched) orders.delete(order_id);
  for (const order_id of change.emptied) orders.delete(order_id);
  bots.delete(botId);
  bots.set(botId, { version, books: newest(books, MOST.books), orders: newest(orders, MOST.orders) });
  for (const oldest of [...bots.keys()].slice(0, -MOST.bots)) bots.delete(oldest);
}

const newest = <Value>(map: ReadonlyMap<string, Value>, most: number): ReadonlyMap<string, Value> =>
  map.size <= most ? map : new Map([...map].slice(-most));
