import { thresholds } from '../../thresholds.ts';
import type { Group } from './contract.ts';

const { min_trades } = thresholds.symbols;

/** Collects the groups of each dimension under a field name. @example byDimension(rows, { by_hour: 'hour' }) // { by_hour: [...] } */
export function byDimension<Field extends string>(
  rows: readonly (Group & { readonly dimension: string })[],
  fields: Readonly<Record<Field, string>>,
): Record<Field, Group[]> {
  const groupsBy = (wanted: string) => rows.flatMap(({ dimension, ...group }) => (dimension === wanted ? [group] : []));
  return Object.fromEntries(
    Object.entries<string>(fields).map(([field, dimension]) => [field, groupsBy(dimension)]),
  ) as Record<Field, Group[]>;
}

/** Whether a group has enough trades to be singled out. */
const hasEnoughTrades = ({ name, total_trades }: Group): boolean => name !== null && total_trades >= min_trades;

/** The groups with the largest profit and the largest loss, among those with enough trades; null when none made or lost anything. */
export function bestAndWorst(groups: readonly Group[]): { best: Group | null; worst: Group | null } {
  const ordered = groups.filter(hasEnoughTrades).toSorted((a, b) => b.total_pnl_usd - a.total_pnl_usd);
  const [best, worst] = [ordered.at(0), ordered.at(-1)];
  return {
    best: best && best.total_pnl_usd > 0 ? best : null,
    worst: worst && worst.total_pnl_usd < 0 ? worst : null,
  };
}
