import type { Database } from '../database/database.ts';
import { byBytes } from './matching/match.ts';
import type { AllocationRow, BookState, LegRow, MatchingState } from './matching/state.ts';
import type { AllocationsRow, LegsRow, StateRows } from './matching-rows.ts';
import * as store from './store.ts';

/** Most fills, and most orders, read by one statement. */
const PAGE_SIZE = { fills: 3000, orders: 500 };

/** Completes the state under the bot's lock: reads in pages what `matching_state` omitted. A book with more fills to match again than
 *  `budget` is not read, but returned in `waiting`. */
export async function completeState(
  database: Database,
  botId: string,
  { state, bookIds }: StateRows,
  budget: number,
): Promise<MatchingState> {
  const books = new Map(state.books);
  const orders = new Map([...state.orders, ...(await readOrderMatches(database, botId, [...state.orders.keys()]))]);
  const waiting = new Set<string>();
  for (const [key, book] of state.books) {
    const bookId = bookIds.get(key) ?? 0;
    if (!state.truncated.has(key)) {
      if (book.more_lots) books.set(key, { ...book, more_lots: false, lots: await allLots(database, bookId, book) });
      continue;
    }
    const from = book.from_at || '1970-01-01T00:00:00Z';
    const legs = await legsFrom(database, bookId, { at: from, until: null, most: budget });
    if (legs === null) {
      waiting.add(key);
      continue;
    }
    const orderIds = [...new Set(legs.map(([, order_id]) => order_id))];
    const matches = await readOrderMatches(database, botId, orderIds);
    for (const [order_id, order] of matches) orders.set(order_id, order);
    const rematched = new Set(legs.map(([fill_id]) => fill_id));
    const dropped = [...matches.values()]
      .flatMap(({ allocations }) => allocations)
      .filter(({ closing_fill_id }) => rematched.has(closing_fill_id));
    const first = earliest([
      ...dropped.map(({ opened_at, opening_fill_id }) => ({ at: opened_at, fill_id: opening_fill_id })),
      ...(book.row.opened_at && book.row.open_fill_id
        ? [{ at: book.row.opened_at, fill_id: book.row.open_fill_id }]
        : []),
    ]);
    const lots =
      first && first.at < from
        ? await legsFrom(database, bookId, { ...first, until: from, most: Number.POSITIVE_INFINITY })
        : [];
    books.set(key, { ...book, legs, lots: lots ?? [] });
  }
  return { ...state, books, orders, truncated: new Set(), waiting };
}

/** Reads all fills from the first open lot on. */
async function allLots(database: Database, bookId: number, { row }: BookState): Promise<LegRow[]> {
  if (row.opened_at === null || row.open_fill_id === null) return [];
  const found = await legsFrom(database, bookId, {
    ...{ at: row.opened_at, fill_id: row.open_fill_id },
    ...{ until: null, most: Number.POSITIVE_INFINITY },
  });
  return found ?? [];
}

/** Reads the fills from an instant, or from a fill, on. @returns null when there are more than `most` */
async function legsFrom(
  database: Database,
  bookId: number,
  { at, fill_id = '', until, most }: { at: string; fill_id?: string; until: string | null; most: number },
): Promise<LegRow[] | null> {
  const found: LegRow[] = [];
  let after = { at, fill_id: before(fill_id) };
  for (;;) {
    const rows = await store.legsAfter(database, bookId, { ...after, until, most: PAGE_SIZE.fills });
    found.push(...rows.flatMap(({ value }) => (value as LegsRow).legs));
    if (found.length > most) return null;
    const last = found.at(-1);
    if (rows.length === 0 || !last)
      return found.filter(([id, , , , , , time]) => time > at || byBytes(id, fill_id) >= 0);
    after = { at: last[6], fill_id: last[0] };
  }
}

/** A text that sorts before this id, so that the page includes the id. */
const before = (fill_id: string): string => fill_id.slice(0, -1);

/** Reads the allocations and the unmatched size of closing orders, by their ids. */
export async function readOrderMatches(database: Database, botId: string, orderIds: readonly string[]) {
  const matches = new Map<string, { unmatched_size: string; allocations: AllocationRow[] }>();
  for (let at = 0; at < orderIds.length; at += PAGE_SIZE.orders) {
    const chunk = orderIds.slice(at, at + PAGE_SIZE.orders);
    for (const { order_id, unmatched_size } of await store.unmatchedSizes(database, botId, chunk))
      matches.set(order_id, { unmatched_size, allocations: [] });
    for (let after: readonly [string, number] | null = ['', 0]; after; ) {
      const page = await store.allocationsAfter(database, botId, chunk, after);
      for (const { value } of page) {
        const { order_id, allocations } = value as AllocationsRow;
        matches.get(order_id)?.allocations.push(...allocations);
      }
      const last = page.at(-1);
      after = last ? [last.order_id, last.place] : null;
    }
  }
  return matches;
}

function earliest(lots: readonly { readonly at: string; readonly fill_id: string }[]) {
  return lots.toSorted((a, b) => (a.at === b.at ? byBytes(a.fill_id, b.fill_id) : a.at < b.at ? -1 : 1))[0];
}
