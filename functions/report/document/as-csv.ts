import { stringify } from 'csv-stringify/sync';
import { type Strategy, StrategyPerformance } from '../../comparison/contract.ts';

const columns = Object.keys(StrategyPerformance.shape);

/** The strategies of a report for spreadsheets (RFC 4180), under the names that they have in the API: UTF-8, which its mark
 *  tells a spreadsheet, and no text that one would take for a formula. Absent is empty. */
export function strategiesCsv(sections: readonly { readonly strategies: readonly Strategy[] }[]): string {
  return stringify(
    sections.flatMap(({ strategies }) => strategies),
    { header: true, columns, bom: true, record_delimiter: 'windows', escape_formulas: true, cast: { boolean: String } },
  );
}
