import type { Group } from '../contract.ts';

/** Groups by the name of their field. @example byDimension(rows, { by_hour: 'hour' }) // { by_hour: [...] } */
export function byDimension<Field extends string>(
  rows: readonly (Group & { readonly dimension: string })[],
  fields: Readonly<Record<Field, string>>,
): Record<Field, Group[]> {
  const of = (wanted: string) => rows.flatMap(({ dimension, ...group }) => (dimension === wanted ? [group] : []));
  return Object.fromEntries(
    Object.entries<string>(fields).map(([field, dimension]) => [field, of(dimension)]),
  ) as Record<Field, Group[]>;
}

/** Below so many trades, nothing is called good or bad. */
export const FEWEST_TRADES = 5;

const told = ({ name, total_trades }: Group): boolean => name !== null && total_trades >= FEWEST_TRADES;

/** The groups that made and lost most, among those with enough trades; null: none made, none lost. */
export function bestAndWorst(groups: readonly Group[]): { best: Group | null; worst: Group | null } {
  const ordered = groups.filter(told).toSorted((a, b) => b.total_pnl_usd - a.total_pnl_usd);
  const [best, worst] = [ordered.at(0), ordered.at(-1)];
  return {
    best: best && best.total_pnl_usd > 0 ? best : null,
    worst: worst && worst.total_pnl_usd < 0 ? worst : null,
  };
}

/** Symbols to consider excluding: they lose in sum and on average, in USD. The worst first. */
export const considerExcluding = (symbols: readonly Group[]): Group[] =>
  symbols
    .filter((group) => told(group) && group.total_pnl_usd < -0.5 && group.expectancy_usd < -0.1)
    .toSorted((a, b) => a.total_pnl_usd - b.total_pnl_usd);

/** Symbols that earn, and win often: USD, percent. The best first. */
export const starsOf = (symbols: readonly Group[]): Group[] =>
  symbols
    .filter((group) => told(group) && group.total_pnl_usd > 1 && group.win_rate > 40)
    .toSorted((a, b) => b.total_pnl_usd - a.total_pnl_usd);
