import { sum } from '../../statistics/sum.ts';
import type { Day } from './day.ts';

/** Lag-1 autocorrelation of each day's contribution to an arm's mean per trade. When it is high, market regimes last for days, and a
 *  before/after comparison errs more often than its α. null with fewer than three days or without variance.
 *  @param days ordered by date */
export function autocorrelation(days: readonly Day[]): number | null {
  if (days.length < 3) return null;
  const mean = sum(days, (day) => day.pnl) / sum(days, (day) => day.trades);
  const influence = days.map((day) => day.pnl - mean * day.trades);
  const spread = sum(influence, (u) => u ** 2);
  const together = influence.slice(1).reduce((total, u, before) => total + u * (influence[before] ?? 0), 0);
  return spread > 0 ? together / spread : null;
}
