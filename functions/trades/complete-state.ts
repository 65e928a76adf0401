import type { Database } from '../database/database.ts';
import type { BookState, LegRow, MatchingState, OrderMatch } from './matching/state.ts';
import { legRow, type OrderMatchRow, orderMatchesIn, type StateRows } from './matching-rows.ts';
import * as store from './store.ts';

/** Most fills, and most orders, read by one statement. */
const PAGE_SIZE = { fills: 8000, orders: 5000 };

/** Completes the state under the bot's lock: reads in pages what `matching_state` omitted. A book with more fills to match again than
 *  `budget` is not read, but returned in `waiting`. */
export async function completeState(
  database: Database,
  botId: string,
  { state, bookIds }: StateRows,
  budget: number,
): Promise<MatchingState> {
  const books = new Map(state.books);
  const orders = new Map(await readOrderMatches(database, botId, [...state.order_fills.keys()]));
  const waiting = new Set<string>();
  for (const [key, book] of state.books) {
    const id = { bot_id: botId, book_id: bookIds.get(key) ?? 0 };
    if (!state.truncated.has(key)) {
      if (book.more_lots) books.set(key, { ...book, more_lots: false, lots: await allLots(database, id, book) });
      continue;
    }
    const from = book.from_at || '1970-01-01T00:00:00Z';
    const legs = await legsFrom(database, id, { at: from, until: null, most: budget });
    if (legs === null) {
      waiting.add(key);
      continue;
    }
    const orderIds = [...new Set(legs.map(([, order_id]) => order_id))];
    const matches = await readOrderMatches(database, botId, orderIds);
    for (const [order_id, order] of matches) orders.set(order_id, order);
    const first = firstClosed(legs, matches) ?? book.row.open_fill_id;
    const lots =
      first === null
        ? []
        : await legsFrom(database, id, { fill_id: first, at: null, until: from, most: Number.POSITIVE_INFINITY });
    books.set(key, { ...book, legs, lots: lots ?? [] });
  }
  return { ...state, books, orders, truncated: new Set(), waiting };
}

interface BookId {
  readonly bot_id: string;
  readonly book_id: number;
}

/** The fill of the first lot that these legs, in book order, have closed. */
function firstClosed(legs: readonly LegRow[], matches: ReadonlyMap<string, OrderMatch>): string | null {
  const byClosing = new Map<string, string>();
  for (const { allocations } of matches.values())
    for (const { closing_fill_id, opening_fill_id } of allocations)
      if (!byClosing.has(closing_fill_id)) byClosing.set(closing_fill_id, opening_fill_id);
  const [first] = legs.flatMap(([fill_id]) => byClosing.get(fill_id) ?? []);
  return first ?? null;
}

/** Reads all fills from the first open lot on. */
async function allLots(database: Database, id: BookId, { row }: BookState): Promise<LegRow[]> {
  if (row.opened_at === null || row.open_fill_id === null) return [];
  const found = await legsFrom(database, id, {
    ...{ at: row.opened_at, fill_id: row.open_fill_id },
    ...{ until: null, most: Number.POSITIVE_INFINITY },
  });
  return found ?? [];
}

/** Reads the fills of a book from an instant, or from a fill, on. @returns null when there are more than `most` */
async function legsFrom(
  database: Database,
  id: BookId,
  { at, fill_id = '', until, most }: { at: string | null; fill_id?: string; until: string | null; most: number },
): Promise<LegRow[] | null> {
  const found: LegRow[] = [];
  let after: store.PlaceInBook = { at, fill_id, inclusive: true };
  for (;;) {
    const rows = await store.legsAfter(database, id, { ...after, until, most: PAGE_SIZE.fills });
    found.push(...rows.flatMap(({ value }) => (value as readonly LegRow[]).map(legRow)));
    if (found.length > most) return null;
    const last = found.at(-1);
    if (rows.length === 0 || !last) return found;
    after = { at: last[6], fill_id: last[0], inclusive: false };
  }
}

/** Reads what orders have closed, by their ids. */
async function readOrderMatches(
  database: Database,
  botId: string,
  orderIds: readonly string[],
): Promise<Map<string, OrderMatch>> {
  const rows: OrderMatchRow[] = [];
  for (let at = 0; at < orderIds.length; at += PAGE_SIZE.orders) {
    const chunk = orderIds.slice(at, at + PAGE_SIZE.orders);
    for (let after = -1, more = true; more; ) {
      const page = await store.orderMatches(database, botId, chunk, after);
      rows.push(...page.flatMap(({ value }) => value as readonly OrderMatchRow[]));
      const last = page.at(-1);
      more = last?.more ?? false;
      after = last?.place ?? after;
    }
  }
  return orderMatchesIn(rows);
}
