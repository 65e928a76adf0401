import { allocationText } from './matching/allocation-text.ts';
import type { MatchingChange, NewFills } from './matching/plan.ts';
import { type BookKey, bookKeyOf, type FillRow } from './matching/state.ts';

type Value = string | number | boolean | null | undefined;

/** A fill whose state is read. */
export type RequestedFill = Pick<FillRow, 'fill_id' | 'order_id' | 'side' | 'filled_at'> &
  BookKey & { readonly has_fee: boolean; readonly has_ids: boolean; readonly changed: boolean };

/** Fills as the JSON that `matching_state` reads. */
export function requestJson(fills: readonly RequestedFill[]): string {
  const books = numbered(fills);
  return JSON.stringify({
    ...columns(books.keys, ['symbol', 'position_side', 'position_id']),
    ...columns(fills, ['fill_id', 'order_id', 'side', 'filled_at', 'has_fee', 'has_ids', 'changed']),
    ...(fills.length > 0 && { book: column(fills.map(books.placeOf)) }),
  });
}

/** A change as the JSON that `write_matching` reads: it leaves out what is empty. */
export function changeJson(change: MatchingChange, fresh: NewFills | null = null): string {
  const { fills, removed, books, orders, rematched, parts, rebuild, emptied } = change;
  const keys = numbered([...fills, ...orders]);
  const unmatched = [...orders, ...rematched].filter(({ unmatched_size }) => unmatched_size !== '0');
  let [from, to] = ['9999', ''];
  for (const { placed_at, first_filled_at } of orders) {
    const at = placed_at ?? first_filled_at;
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return JSON.stringify({
    ...(fresh && { new: { fill_id: column(fresh.fills), order_id: column(fresh.orders) } }),
    keys: columns(keys.keys, ['symbol', 'position_side', 'position_id']),
    ...(removed.length > 0 && { removed: column(removed) }),
    ...(fills.length > 0 && { fills: { book: column(fills.map(keys.placeOf)), ...columns(fills, FILL) } }),
    ...(books.length > 0 && { books: columns(books, BOOK) }),
    ...(orders.length > 0 && {
      orders: { book: column(orders.map(keys.placeOf)), ...columns(orders, ORDER), allocations: orders.map(textOf) },
      ...{ from, to },
    }),
    ...(rematched.length > 0 && {
      rematched: { ...columns(rematched, ['order_id', 'unmatched_size']), allocations: rematched.map(textOf) },
    }),
    ...(parts.length > 0 && { parts: columns(parts, PART) }),
    ...(rebuild.length > 0 && { rebuild: column(rebuild) }),
    ...(emptied.length > 0 && { emptied: column(emptied) }),
    ...(unmatched.length > 0 && { unmatched: column(unmatched.map(({ order_id }) => order_id)) }),
  });
}

const FILL = [
  ...(['fill_id', 'order_id', 'side', 'price', 'size', 'net_size', 'fee_usd', 'fee_amount', 'fee_currency'] as const),
  ...(['quote_usd', 'price_usd', 'filled_at', 'placed_at', 'client_order_id', 'source'] as const),
];
const BOOK = [
  ...(['symbol', 'position_side', 'position_id', 'open_fill_id', 'open_side', 'opened_at', 'open_size'] as const),
  ...(['open_fee_usd', 'last_filled_at', 'last_price_usd', 'closed', 'pending_from'] as const),
];
const ORDER = [
  ...(['order_id', 'symbol', 'client_order_id', 'side', 'source', 'placed_at', 'first_filled_at'] as const),
  ...(['last_filled_at', 'unmatched_size'] as const),
];
const PART = [
  ...(['order_id', 'opening_order_id', 'opened_at', 'opening_fill_id', 'size', 'cost_basis_usd'] as const),
  ...(['net_proceeds_usd', 'size_seconds', 'opening_fees_usd', 'closing_fees_usd'] as const),
];

const textOf = ({ allocations }: Pick<MatchingChange['rematched'][number], 'allocations'>): string | null =>
  allocations && allocationText(allocations);

/** The distinct books of rows, and the place of each row's book among them, from 1. */
function numbered(rows: readonly BookKey[]): { keys: BookKey[]; placeOf: (row: BookKey) => number } {
  const places = new Map<string, number>();
  const keys: BookKey[] = [];
  for (const row of rows) {
    const key = bookKeyOf(row);
    if (places.has(key)) continue;
    keys.push(row);
    places.set(key, keys.length);
  }
  return { keys, placeOf: (row) => places.get(bookKeyOf(row)) ?? 0 };
}

/** Rows by columns, without those that have no value. */
function columns<Row>(rows: readonly Row[], names: readonly (keyof Row & string)[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names)
    if (rows.some((row) => row[name])) found[name] = column(rows.map((row) => row[name] as Value));
  return found;
}

/** The text of an array of PostgreSQL. @example column(['a', null, 'b c']) // '{a,NULL,"b c"}' */
const column = (values: readonly Value[]): string => `{${values.map(element).join(',')}}`;

const element = (value: Value): string | number | boolean => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return value;
  return /^[\w.:+-]+$/.test(value) && !/^null$/i.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
};
