import { decimalsOf, decimalText, scaled } from './decimal.ts';
import { type OrderFacts, orderFacts } from './order-facts.ts';
import { type Rematched, rematch, sizeOf } from './rematch.ts';
import {
  type AllocationRow,
  type BookKey,
  type BookRow,
  type BookState,
  bookKeyOf,
  type FillRow,
  type MatchingState,
} from './state.ts';

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
  readonly books: readonly BookRow[];
  readonly orders: readonly (OrderFacts & OrderMatch & { readonly allocates: boolean })[];
  readonly rematched: readonly (OrderMatch & { readonly order_id: string })[];
  readonly emptied: readonly string[];
  readonly unmatched: boolean;
  /** Closing fills that were not matched, or only in part. */
  readonly unmatched_fills: readonly string[];
}

/** What an order closed, and the size that it could not close. */
interface OrderMatch {
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
  if ([...touchedBooks.keys()].some((key) => state.truncated.has(key))) return null;

  const known = [...state.orders.values()].flatMap(({ allocations }) => allocations);
  const books: Rematched[] = [];
  for (const [key, book] of touchedBooks) {
    const own = addedTo.get(key) ?? [];
    const stored = state.books.get(key);
    if (stored && state.waiting?.has(key)) {
      books.push(deferred(stored, own));
      continue;
    }
    const result = rematch(book, stored, { added: own, removed: gone }, known);
    if (result === null) return null;
    books.push(result);
  }

  const matchOf = orderMatches(state, books, removed);
  const facts = [...ordersOf(state, { added, removed, rewritten })];
  const withFacts = new Set(facts.map(([order_id]) => order_id));
  const orders = facts.flatMap(([order_id, order]) => {
    if (order === null) return [];
    const orderMatch = matchOf(order_id);
    return [{ ...order, ...orderMatch, allocates: orderMatch.allocations !== null }];
  });
  const rematched = [...new Set(books.flatMap(({ legs }) => legs.map(({ order_id }) => order_id)))].flatMap(
    (order_id) => {
      if (withFacts.has(order_id)) return [];
      const orderMatch = matchOf(order_id);
      const before = state.orders.get(order_id);
      const same =
        areSame(orderMatch.allocations ?? [], before?.allocations ?? []) &&
        orderMatch.unmatched_size === (before?.unmatched_size ?? '0');
      return same ? [] : [{ order_id, ...orderMatch }];
    },
  );
  return {
    fills: [...added, ...rewritten],
    removed: [...gone, ...rewritten.map(({ fill_id }) => fill_id)],
    books: books.map(({ row }) => row),
    orders,
    rematched,
    emptied: facts.flatMap(([order_id, order]) => (order === null ? [order_id] : [])),
    unmatched: [...orders, ...rematched].some(({ unmatched_size }) => unmatched_size !== '0'),
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
  unmatched: new Map(added.filter(closes).map((fill) => [fill.fill_id, sizeOf(fill)])),
});

const closes = ({ position_side, side }: Pick<FillRow, 'position_side' | 'side'>): boolean =>
  position_side !== 'net' && (side === 'sell') === (position_side === 'long');

/** Yields the new facts of each order whose fills change; null for an order without fills. */
function* ordersOf(
  state: MatchingState,
  { added, removed, rewritten }: FillChanges,
): Generator<[order_id: string, facts: OrderFacts | null]> {
  const gone = new Set([...removed, ...rewritten].map(({ fill_id }) => fill_id));
  const now = Map.groupBy([...added, ...rewritten], ({ order_id }) => order_id);
  const touched = new Set([...now.keys(), ...removed.map(({ order_id }) => order_id)]);
  for (const order_id of touched) {
    const stored = (state.order_fills.get(order_id) ?? []).filter(({ fill_id }) => !gone.has(fill_id));
    const fills = [...stored, ...(now.get(order_id) ?? [])];
    yield [order_id, fills.length === 0 ? null : orderFacts(order_id, fills)];
  }
}

/** Combines the rematched books with the stored allocations. @returns a function from an order's id to its match */
function orderMatches(state: MatchingState, books: readonly Rematched[], removed: readonly FillRow[]) {
  const gone = removed.map(({ fill_id }) => fill_id);
  const rematchedFills = new Set([...gone, ...books.flatMap(({ legs }) => legs.map(({ fill_id }) => fill_id))]);
  const orderOf = new Map(books.flatMap(({ legs }) => legs.map(({ fill_id, order_id }) => [fill_id, order_id])));
  const newAllocations = Map.groupBy(
    books.flatMap(({ allocations }) => allocations),
    ({ closing_fill_id }) => orderOf.get(closing_fill_id) ?? '',
  );
  const fromBooks = [...state.books.values()].flatMap(({ legs, row: { position_side } }) =>
    legs.flatMap(([fill_id, order_id, side, size]) =>
      closes({ position_side, side }) ? [{ fill_id, order_id, size }] : [],
    ),
  );
  const fromRemoved = removed
    .filter(closes)
    .map((fill) => ({ fill_id: fill.fill_id, order_id: fill.order_id, size: sizeOf(fill) }));
  const stored = new Map([...fromBooks, ...fromRemoved].map((leg) => [leg.fill_id, leg]));
  const storedBy = Map.groupBy(stored.values(), ({ order_id }) => order_id);
  const unmatchedBy = Map.groupBy(
    books.flatMap(({ unmatched }) =>
      [...unmatched].map(([fill_id, size]) => ({ order_id: orderOf.get(fill_id) ?? '', size })),
    ),
    ({ order_id }) => order_id,
  );
  return (order_id: string): OrderMatch => {
    const before = state.orders.get(order_id);
    const kept = (before?.allocations ?? []).filter(({ closing_fill_id }) => !rematchedFills.has(closing_fill_id));
    const allocations = [...kept, ...(newAllocations.get(order_id) ?? [])];
    // For the fills that are matched again: subtract their earlier unmatched size (size less allocations), and add the new one.
    const plus = [before?.unmatched_size ?? '0', ...(unmatchedBy.get(order_id) ?? []).map(({ size }) => size)];
    const minus: string[] = [];
    for (const leg of storedBy.get(order_id) ?? []) {
      if (!rematchedFills.has(leg.fill_id)) continue;
      minus.push(leg.size);
      for (const piece of before?.allocations ?? []) if (piece.closing_fill_id === leg.fill_id) plus.push(piece.size);
    }
    return { allocations: allocations.length > 0 ? allocations : null, unmatched_size: total(plus, minus) };
  };
}

const areSame = (now: readonly AllocationRow[], before: readonly AllocationRow[]): boolean =>
  now.length === before.length &&
  now.every((row, i) => (Object.keys(row) as (keyof AllocationRow)[]).every((key) => row[key] === before[i]?.[key]));

function total(plus: readonly string[], minus: readonly string[]): string {
  const decimals = Math.max(0, ...[...plus, ...minus].map(decimalsOf));
  const sumOf = (all: readonly string[]) => all.reduce((sum, each) => sum + scaled(each, decimals), 0n);
  return decimalText(sumOf(plus) - sumOf(minus), decimals);
}
