import type { MatchingChange } from './matching/plan.ts';
import type { AllocationRow } from './matching/state.ts';

/** A change as the JSON that `write_matching` reads. It leaves out what is null, and allocations are literals of PostgreSQL's arrays,
 *  which are half as long as JSON and read faster. */
export function changeJson(change: MatchingChange): string {
  const { unmatched_fills: _, ...written } = change;
  return JSON.stringify(written, (key, value: unknown) => {
    if (value === null) return undefined;
    return key === 'allocations' ? arrayLiteral(value as readonly AllocationRow[]) : value;
  });
}

/** An `allocation[]`. @example arrayLiteral([]) // '{}' */
const arrayLiteral = (rows: readonly AllocationRow[]): string =>
  `{${rows.map((row) => quoted(`(${FIELDS.map((field) => quotedIfNeeded(row[field])).join(',')})`)).join(',')}}`;

/** In the order of the type. */
const FIELDS = [
  'closing_fill_id',
  'opening_fill_id',
  'opening_order_id',
  'opened_at',
  'closed_at',
  'size',
  'opening_fee_usd',
  'closing_fee_usd',
  'cost_basis_usd',
  'net_proceeds_usd',
] as const;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const quotedIfNeeded = (text: string): string => (/^[\w.:+-]+$/.test(text) ? text : quoted(text));
