import { stringify } from 'csv-stringify/sync';

/** Replaces control characters but line ends and tabs: a terminal that shows the file would read some as commands. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\r\n\t]+/gu, ' ');

/** Rows as CSV (RFC 4180), with a header. Written for spreadsheets: UTF-8 with a byte order mark, texts escaped that would be read as
 *  formulas, absent values empty. */
export function csvOf(rows: readonly object[], columns: readonly string[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String, string: withoutControls },
  });
}
