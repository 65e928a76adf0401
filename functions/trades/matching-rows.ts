import * as z from 'zod';
import type { AllocationRow, BookRow, BookState, FillRow, LegRow, MatchingState, OrderFill } from './matching/state.ts';
import { bookKeyOf } from './matching/state.ts';

/** The matching state of a bot, and the ids of its books by their keys. */
export interface StateRows {
  readonly state: MatchingState;
  readonly bookIds: ReadonlyMap<string, number>;
}

/** Only the version is parsed. The shape of all other rows is that of `matching_state`, which tests check; parsing them takes time. */
const Version = z.object({ matching_version: z.int() });

export interface LegsRow {
  readonly book_id: number;
  readonly legs: readonly LegRow[];
}
export interface AllocationsRow {
  readonly order_id: string;
  readonly allocations: readonly AllocationRow[];
}
type BookValue = BookRow & { readonly book_id: number; readonly from_at: string | null };

/** Builds the matching state from the rows of `matching_state`. */
export function stateOf(rows: readonly { readonly kind: string; readonly value?: unknown }[]): StateRows {
  const of = <Row>(kind: string): Row[] => rows.flatMap((row) => (row.kind === kind ? [row.value as Row] : []));
  const { matching_version } = Version.parse(of('bot')[0]);
  const fillsBy = <Row extends { fill_id: string }>(kind: string) =>
    new Map(of<Row>(kind).map((fill) => [fill.fill_id, fill]));

  const legs = Map.groupBy(of<LegsRow>('legs'), ({ book_id }) => book_id);
  const lots = Map.groupBy(of<LegsRow>('lots'), ({ book_id }) => book_id);
  const flat = (found: readonly LegsRow[] = []) => found.flatMap((row) => row.legs);
  const more = new Set(of<number>('more_lots'));
  const books = new Map<string, BookState>();
  const bookIds = new Map<string, number>();
  const keys = new Map<number, string>();
  for (const row of of<BookValue>('book')) {
    const key = bookKeyOf(row);
    books.set(key, {
      row,
      from_at: row.from_at,
      lots: flat(lots.get(row.book_id)),
      more_lots: more.has(row.book_id),
      legs: flat(legs.get(row.book_id)),
    });
    bookIds.set(key, row.book_id);
    keys.set(row.book_id, key);
  }

  const orders = new Map<string, { unmatched_size: string; allocations: AllocationRow[] }>();
  for (const { order_id, unmatched_size } of of<{ order_id: string; unmatched_size: string }>('order'))
    orders.set(order_id, { unmatched_size, allocations: [] });
  for (const { order_id, allocations } of unique(of<AllocationsRow>('allocations')))
    orders.get(order_id)?.allocations.push(...allocations);

  const order_fills = new Map<string, OrderFill[]>();
  for (const { order_id, fills } of of<{ order_id: string; fills: OrderFill[] }>('order_fills'))
    order_fills.set(order_id, [...(order_fills.get(order_id) ?? []), ...fills]);

  return {
    state: {
      version: matching_version,
      known: fillsBy<FillRow>('known'),
      first: new Map(of<FillContent>('first').map((content) => [content.fill_id, rowOf(content)])),
      books,
      orders,
      order_fills,
      truncated: new Set(of<number>('truncated').flatMap((id) => keys.get(id) ?? [])),
    },
    bookIds,
  };
}

/** The content of a fill as a correction stores it. */
type FillContent = Omit<FillRow, 'position_id' | 'fee_amount' | 'fee_currency' | 'net_size' | 'price_usd'> & {
  readonly position_id: string | null;
  readonly fee: { readonly amount: string; readonly currency: string } | null;
};

const rowOf = ({ position_id, fee, ...content }: FillContent): FillRow => ({
  ...content,
  position_id: position_id ?? '',
  fee_amount: fee?.amount ?? null,
  fee_currency: fee?.currency ?? null,
  net_size: null,
  price_usd: null,
});

/** Removes duplicates: an order whose fills are in two books is read with each book. */
function unique(rows: readonly AllocationsRow[]): AllocationsRow[] {
  const seen = new Set<string>();
  return rows.filter(({ order_id, allocations: [first] }) => {
    const key = JSON.stringify([order_id, first?.closing_fill_id, first?.opening_fill_id]);
    return !seen.has(key) && seen.add(key);
  });
}
