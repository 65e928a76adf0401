import { type Strategy, StrategyPerformance } from '../../comparison/contract.ts';
import { csvOf } from '../../csv.ts';

const columns = Object.keys(StrategyPerformance.shape);

/** The strategies of a report as CSV, with the column names of the API. */
export const strategiesCsv = (sections: readonly { readonly strategies: readonly Strategy[] }[]): string =>
  csvOf(
    sections.flatMap(({ strategies }) => strategies),
    columns,
  );
