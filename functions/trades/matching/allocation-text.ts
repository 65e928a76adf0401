import type { AllocationRow } from './state.ts';

/** Formats allocations as the text of an `allocation[]` of PostgreSQL. @example allocationText([]) // '{}' */
export const allocationText = (rows: readonly AllocationRow[]): string =>
  `{${rows
    .map(({ closing_fill_id, opening_fill_id, size, opening_fee_usd, closing_fee_usd }) =>
      quoted(`(${name(closing_fill_id)},${name(opening_fill_id)},${size},${opening_fee_usd},${closing_fee_usd})`),
    )
    .join(',')}}`;

const name = (text: string): string => (/^[\w.:+-]+$/.test(text) ? text : quoted(text));
const quoted = (text: string): string => (/["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`);

/** Parses the text of an `allocation[]`; null has none. */
export function allocationsIn(text: string | null): AllocationRow[] {
  if (text === null || text === '{}') return [];
  // Without a backslash, no name is quoted.
  const records = text.includes('\\')
    ? [...text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, record = '']) => fieldsIn(record.replaceAll(/\\(.)/gs, '$1')))
    : text
        .slice(3, -3)
        .split(')","(')
        .map((record) => record.split(','));
  return records.map(
    ([closing_fill_id = '', opening_fill_id = '', size = '', opening_fee_usd = '', closing_fee_usd = '']) => ({
      ...{ closing_fill_id, opening_fill_id, size, opening_fee_usd, closing_fee_usd },
    }),
  );
}

const fieldsIn = (record: string): string[] =>
  [...record.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)].map(([whole, name]) =>
    name === undefined ? whole : name.replaceAll(/\\(.)/gs, '$1'),
  );
