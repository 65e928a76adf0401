import { stringify } from 'csv-stringify/sync';
import { type Strategy, StrategyPerformance } from '../../comparison/contract.ts';

const columns = Object.keys(StrategyPerformance.shape);

/** Replaces control characters but line ends and tabs: a terminal that shows the file would read some as commands. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\r\n\t]+/gu, ' ');

/** The strategies of a report as CSV (RFC 4180), with the column names of the API. Written for spreadsheets: UTF-8 with a byte order
 *  mark, texts escaped that would be read as formulas, absent values empty. */
export function strategiesCsv(sections: readonly { readonly strategies: readonly Strategy[] }[]): string {
  return stringify(
    sections.flatMap(({ strategies }) => strategies),
    {
      header: true,
      columns,
      bom: true,
      record_delimiter: 'windows',
      escape_formulas: true,
      cast: { boolean: String, string: withoutControls },
    },
  );
}
