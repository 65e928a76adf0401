import { decimalsOf, decimalText, scaled } from './decimal.ts';
import { type OrderFacts, orderFacts } from './order-facts.ts';
import { type Rematched, rematch, rematchBegin, sizeOf } from './rematch.ts';
import {
  type AllocationRow,
  type BookKey,
  type BookRow,
  type BookState,
  bookKeyOf,
  type FillRow,
  type LegRow,
  type MatchingState,
  type OrderFill,
} from './state.ts';
import type { TradePart } from './trade-parts.ts';

/** The changes of fills in one write. */
export interface FillChanges {
  /** New fills, and changed fills with their new content. */
  readonly added: readonly FillRow[];
  /** Removed fills, and changed fills with their old content. */
  readonly removed: readonly FillRow[];
  /** Fills with changes in fields that matching does not use. */
  readonly rewritten: readonly FillRow[];
}

/** The input of `write_matching`. */
export interface MatchingChange {
  readonly fills: readonly FillRow[];
  readonly removed: readonly string[];
  /** With their open lots, if these are all known and few. */
  readonly books: readonly (BookRow & { readonly lots: readonly LegRow[] | null })[];
  /** Orders with new or changed facts. */
  readonly orders: readonly (OrderFacts & NewMatch & { readonly fills: readonly OrderFill[] })[];
  /** Orders of which only the allocations or the unmatched size changed. */
  readonly rematched: readonly (NewMatch & { readonly order_id: string })[];
  /** Of the trades of those orders. */
  readonly parts: readonly TradePart[];
  /** Orders whose trades are derived from their allocations instead, because not all of these are new. */
  readonly rebuild: readonly string[];
  /** Orders without fills. */
  readonly emptied: readonly string[];
  /** Closing fills that were not matched, or only in part. */
  readonly unmatched_fills: readonly string[];
}

/** The ids of fills and orders that are not stored yet. */
export interface NewFills {
  readonly fills: readonly string[];
  readonly orders: readonly string[];
}

/** What an order closes now, and the size that it cannot close. */
interface NewMatch {
  readonly allocations: readonly AllocationRow[] | null;
  readonly unmatched_size: string;
}

/** Computes all consequences of changed fills: books, orders and allocations. @returns null when the state does not have all the fills
 *  that are needed */
export function planMatching(state: MatchingState, changes: FillChanges): MatchingChange | null {
  const { added, removed, rewritten } = changes;
  const gone = new Set(removed.map(({ fill_id }) => fill_id));
  const addedTo = Map.groupBy(added, bookKeyOf);
  const touchedBooks = new Map<string, BookKey>(removed.map((fill) => [bookKeyOf(fill), fill]));
  for (const [key, [fill]] of addedTo) if (fill) touchedBooks.set(key, fill);
  for (const [key, { row, from_at }] of state.books) if (from_at !== null) touchedBooks.set(key, row);
  const known = [...state.orders.values()].flatMap(({ allocations }) => allocations);
  const books: Rematched[] = [];
  for (const [key, book] of touchedBooks) {
    const own = addedTo.get(key) ?? [];
    const stored = state.books.get(key);
    if (stored && state.waiting?.has(key)) {
      books.push(deferred(stored, own));
      continue;
    }
    const change = { added: own, removed: removed.filter((fill) => bookKeyOf(fill) === key), previous: known };
    const result = state.truncated.has(key)
      ? stored && rematchBegin(book, stored, change)
      : rematch(book, stored, change);
    if (!result) return null;
    books.push(result);
  }

  // A corrected price or time of an opening fill changes trades, though not the allocations.
  const corrected = new Set(added.flatMap(({ fill_id }) => (gone.has(fill_id) ? [fill_id] : [])));
  const { matchOf, keptOf } = orderMatches(state, books, removed);
  const facts = [...ordersOf(state, { added, removed, rewritten })];
  const withFacts = new Set(facts.map(([order_id]) => order_id));
  const orders = facts.flatMap(([order_id, order]) => (order === null ? [] : [{ ...order, ...matchOf(order_id) }]));
  const rematched = [...new Set(books.flatMap(({ legs }) => legs.map(({ order_id }) => order_id)))].flatMap(
    (order_id) => {
      if (withFacts.has(order_id)) return [];
      const now = matchOf(order_id);
      const before = state.orders.get(order_id);
      const same =
        !now.allocations?.some(({ opening_fill_id }) => corrected.has(opening_fill_id)) &&
        areSame(now.allocations ?? [], before?.allocations ?? []) &&
        now.unmatched_size === (before?.unmatched_size ?? '0');
      return same ? [] : [{ order_id, ...now }];
    },
  );
  // A position with an id has one trade of all its orders.
  const inPositions = new Set(
    books.flatMap(({ row, legs }) => (row.position_id === '' ? [] : legs.map(({ order_id }) => order_id))),
  );
  const changed = [...orders, ...rematched].map(({ order_id }) => order_id);
  const isMade = (order_id: string) => !inPositions.has(order_id) && keptOf(order_id).length === 0;
  const made = new Set(changed.filter(isMade));
  return {
    fills: [...added, ...rewritten],
    removed: [...gone, ...rewritten.map(({ fill_id }) => fill_id)],
    books: books.map(({ row, lots }) => ({ ...row, lots })),
    orders,
    rematched,
    parts: books.flatMap(({ parts }) => parts.filter(({ order_id }) => made.has(order_id))),
    rebuild: changed.filter((order_id) => !made.has(order_id)),
    emptied: facts.flatMap(([order_id, order]) => (order === null ? [order_id] : [])),
    unmatched_fills: books.flatMap(({ row, unmatched }) => (row.pending_from === null ? [...unmatched.keys()] : [])),
  };
}

/** Leaves new fills of a book pending. Until they are matched, closing fills count as unmatched. */
const deferred = ({ row, from_at }: BookState, added: readonly FillRow[]): Rematched => ({
  row: {
    ...row,
    pending_from: from_at || '1970-01-01T00:00:00.000000Z',
    last_filled_at:
      [row.last_filled_at, ...added.map(({ filled_at }) => filled_at)].sort().at(-1) ?? row.last_filled_at,
  },
  legs: added.map(({ fill_id, order_id }) => ({ fill_id, order_id })),
  allocations: [],
  parts: [],
  lots: null,
  unmatched: new Map(added.filter(closes).map((fill) => [fill.fill_id, sizeOf(fill)])),
});

const closes = ({ position_side, side }: Pick<FillRow, 'position_side' | 'side'>): boolean =>
  position_side !== 'net' && (side === 'sell') === (position_side === 'long');

/** Yields the new facts of each order whose fills change; null for an order without fills. */
function* ordersOf(
  state: MatchingState,
  { added, removed, rewritten }: FillChanges,
): Generator<[order_id: string, facts: (OrderFacts & { readonly fills: readonly OrderFill[] }) | null]> {
  const gone = new Set([...removed, ...rewritten].map(({ fill_id }) => fill_id));
  const now = Map.groupBy([...added, ...rewritten], ({ order_id }) => order_id);
  const touched = new Set([...now.keys(), ...removed.map(({ order_id }) => order_id)]);
  for (const order_id of touched) {
    const stored = (state.order_fills.get(order_id) ?? []).filter(({ fill_id }) => !gone.has(fill_id));
    const fills = [...stored, ...(now.get(order_id) ?? [])];
    yield [order_id, fills.length === 0 ? null : { ...orderFacts(order_id, fills), fills }];
  }
}

/** Combines the rematched books with the stored allocations: `matchOf` an order is what it closes now, `keptOf` an order are those of its
 *  stored allocations that were not matched again. */
function orderMatches(state: MatchingState, books: readonly Rematched[], removed: readonly FillRow[]) {
  const rematchedFills = new Set([
    ...removed.map(({ fill_id }) => fill_id),
    ...books.flatMap(({ legs }) => legs.map(({ fill_id }) => fill_id)),
  ]);
  const orderOf = new Map(books.flatMap(({ legs }) => legs.map(({ fill_id, order_id }) => [fill_id, order_id])));
  const ofOrder = ({ fill_id }: { readonly fill_id: string }) => orderOf.get(fill_id) ?? '';
  const newAllocations = Map.groupBy(
    books.flatMap(({ allocations }) => allocations),
    ({ closing_fill_id }) => ofOrder({ fill_id: closing_fill_id }),
  );
  const stored = new Map<string, { readonly order_id: string; readonly size: string }>();
  for (const fill of removed.filter(closes)) stored.set(fill.fill_id, { ...fill, size: sizeOf(fill) });
  for (const { legs, row } of state.books.values())
    for (const [fill_id, order_id, side, size] of legs)
      if (rematchedFills.has(fill_id) && closes({ position_side: row.position_side, side }))
        stored.set(fill_id, { order_id, size });
  const storedBy = Map.groupBy(stored, ([, { order_id }]) => order_id);
  const unmatchedBy = Map.groupBy(
    books.flatMap(({ unmatched }) => [...unmatched].map(([fill_id, size]) => ({ fill_id, size }))),
    ofOrder,
  );
  const keptOf = (order_id: string): AllocationRow[] =>
    (state.orders.get(order_id)?.allocations ?? []).filter(
      ({ closing_fill_id }) => !rematchedFills.has(closing_fill_id),
    );
  const matchOf = (order_id: string): NewMatch => {
    const before = state.orders.get(order_id);
    const allocations = [...keptOf(order_id), ...(newAllocations.get(order_id) ?? [])];
    // For the fills that are matched again: subtract their earlier unmatched size (size less allocations), and add the new one.
    const plus = [before?.unmatched_size ?? '0', ...(unmatchedBy.get(order_id) ?? []).map(({ size }) => size)];
    const minus: string[] = [];
    for (const [fill_id, { size }] of storedBy.get(order_id) ?? []) {
      minus.push(size);
      for (const piece of before?.allocations ?? []) if (piece.closing_fill_id === fill_id) plus.push(piece.size);
    }
    return { allocations: allocations.length > 0 ? allocations : null, unmatched_size: total(plus, minus) };
  };
  return { matchOf, keptOf };
}

const areSame = (now: readonly AllocationRow[], before: readonly AllocationRow[]): boolean =>
  now.length === before.length &&
  now.every((row, i) => {
    const old = before[i];
    return (
      row.closing_fill_id === old?.closing_fill_id &&
      row.opening_fill_id === old.opening_fill_id &&
      row.size === old.size &&
      row.opening_fee_usd === old.opening_fee_usd &&
      row.closing_fee_usd === old.closing_fee_usd
    );
  });

function total(plus: readonly string[], minus: readonly string[]): string {
  if (minus.length === 0 && plus.every((size) => size === '0')) return '0';
  const decimals = Math.max(0, ...[...plus, ...minus].map(decimalsOf));
  const sumOf = (all: readonly string[]) => all.reduce((sum, each) => sum + scaled(each, decimals), 0n);
  return decimalText(sumOf(plus) - sumOf(minus), decimals);
}
