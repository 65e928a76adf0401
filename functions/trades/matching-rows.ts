import * as z from 'zod';
import { allocationsIn } from './matching/allocation-text.ts';
import type { BookRow, BookState, FillRow, LegRow, MatchingState, OrderFill, OrderMatch } from './matching/state.ts';
import { bookKeyOf } from './matching/state.ts';

/** The matching state of a bot, and the ids of its books by their keys. */
export interface StateRows {
  readonly state: MatchingState;
  readonly bookIds: ReadonlyMap<string, number>;
}

/** Only the version is parsed. The shape of all other rows is that of `matching_state`, which tests check; parsing them takes time. */
const Version = z.object({ matching_version: z.int() });

interface LegsRow {
  readonly book_id: number;
  readonly legs: readonly LegRow[];
}
/** A part of the text of an order's allocations. */
export type OrderMatchRow = readonly [order_id: string, unmatched_size: string, allocations: string | null];
type BookValue = BookRow & { readonly book_id: number; readonly from_at: string | null };

/** Builds the matching state from the rows of `matching_state`. */
export function stateOf(rows: readonly { readonly kind: string; readonly value?: unknown }[]): StateRows {
  const of = <Row>(kind: string): Row[] => rows.flatMap((row) => (row.kind === kind ? [row.value as Row] : []));
  const { matching_version } = Version.parse(of('bot')[0]);
  const fillsBy = <Row extends { fill_id: string }>(kind: string) =>
    new Map(of<Row>(kind).map((fill) => [fill.fill_id, fill]));

  const legs = Map.groupBy(of<LegsRow>('legs'), ({ book_id }) => book_id);
  const lots = Map.groupBy(of<LegsRow>('lots'), ({ book_id }) => book_id);
  const flat = (found: readonly LegsRow[] = []) => found.flatMap((row) => row.legs.map(legRow));
  const tooMany = of<number>('too_many');
  const more = new Set([...of<number>('more_lots'), ...tooMany]);
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

  const order_fills = new Map<string, OrderFill[]>();
  for (const { order_id, fills } of of<{ order_id: string; fills: OrderFill[] }>('order_fills'))
    order_fills.set(order_id, [...(order_fills.get(order_id) ?? []), ...fills]);

  return {
    state: {
      version: matching_version,
      known: fillsBy<FillRow>('known'),
      first: new Map(of<FillContent>('first').map((content) => [content.fill_id, rowOf(content)])),
      books,
      orders: orderMatchesIn(of<readonly OrderMatchRow[]>('orders').flat()),
      order_fills,
      truncated: new Set([...of<number>('truncated'), ...tooMany].flatMap((id) => keys.get(id) ?? [])),
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

/** Completes the time of a leg, which comes in UTC without trailing zeros. */
export function legRow([fill_id, order_id, side, size, price, fee, time]: LegRow): LegRow {
  const [seconds = '', fraction = ''] = time.split('.');
  return [fill_id, order_id, side, size, price, fee, `${seconds}.${fraction.padEnd(6, '0')}Z`];
}

/** Joins the parts of each order's allocations. */
export function orderMatchesIn(rows: readonly OrderMatchRow[]): Map<string, OrderMatch> {
  const texts = new Map<string, { unmatched_size: string; text: string | null }>();
  for (const [order_id, unmatched_size, part] of rows) {
    const before = texts.get(order_id)?.text;
    texts.set(order_id, { unmatched_size, text: part === null ? null : (before ?? '') + part });
  }
  return new Map(
    [...texts].map(([order_id, { unmatched_size, text }]) => [
      order_id,
      { unmatched_size, allocations: allocationsIn(text) },
    ]),
  );
}
