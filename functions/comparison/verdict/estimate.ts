import { degreesOfFreedom, type Estimated, weightedMean } from '../../statistics/estimate.ts';
import { sum } from '../../statistics/sum.ts';
import type { Day } from './day.ts';

/** Estimates the mean per trade of a daily total. The days are the clusters, weighted by their trades. */
export const meanPerTrade = (days: readonly Day[], totalOf: (day: Day) => number): Estimated =>
  weightedMean(days.map((day) => ({ weight: day.trades, total: totalOf(day) })));

/** Estimates the natural logarithm of the profit factor; its variance is linearized by day. */
export function logProfitFactor(days: readonly Day[]): Estimated {
  if (days.length < 2) return 'fewer_than_two_days';
  const profit = sum(days, (day) => day.gross_profit) / days.length;
  const loss = sum(days, (day) => day.gross_loss) / days.length;
  if (profit === 0) return 'no_profit';
  if (loss === 0) return 'no_loss';
  const influence = days.map((day) => day.gross_profit / profit - day.gross_loss / loss);
  const variance = sum(influence, (u) => u ** 2) / (days.length - 1) / days.length;
  return variance > 0
    ? { value: Math.log(profit / loss), variance, df: degreesOfFreedom(days.map((day) => day.trades)) }
    : 'no_variance';
}
