import { type Day, sum } from './day.ts';

/** An arm's mean per trade, or log profit factor, with the variance and the degrees of freedom of that estimate. */
export interface Estimate {
  readonly value: number;
  readonly variance: number;
  readonly df: number;
}

/** Why an arm has no estimate. */
export type NoEstimate = 'fewer_than_two_days' | 'no_profit' | 'no_loss' | 'no_variance';

export type Estimated = Estimate | NoEstimate;

export const isEstimate = (estimated: Estimated): estimated is Estimate => typeof estimated === 'object';

/** Estimates the mean per trade of a daily total, with the days as clusters. The variance is corrected for few and unequal days
 *  (HC2-type leverage); the degrees of freedom are of Bell–McCaffrey type: C − 1 when all C days have equally many trades.
 *  @example meanPerTrade([{ K: 4, Y: 12 }, …]) // of Y = [12, −4, 6, 10], K = [4, 2, 3, 5]: 1.714…, 0.538…, 2.666… */
export function meanPerTrade(days: readonly Day[], totalOf: (day: Day) => number): Estimated {
  if (days.length < 2) return 'fewer_than_two_days';
  const trades = sum(days, (day) => day.trades);
  const value = sum(days, totalOf) / trades;
  const variance = sum(days, (day) => ((totalOf(day) - value * day.trades) / trades) ** 2 / (1 - day.trades / trades));
  return variance > 0 ? { value, variance, df: degreesOfFreedom(days) } : 'no_variance';
}

/** Estimates the natural logarithm of the profit factor; its variance is linearized by day. */
export function logProfitFactor(days: readonly Day[]): Estimated {
  if (days.length < 2) return 'fewer_than_two_days';
  const profit = sum(days, (day) => day.gross_profit) / days.length;
  const loss = sum(days, (day) => day.gross_loss) / days.length;
  if (profit === 0) return 'no_profit';
  if (loss === 0) return 'no_loss';
  const influence = days.map((day) => day.gross_profit / profit - day.gross_loss / loss);
  const variance = sum(influence, (u) => u ** 2) / (days.length - 1) / days.length;
  return variance > 0 ? { value: Math.log(profit / loss), variance, df: degreesOfFreedom(days) } : 'no_variance';
}

function degreesOfFreedom(days: readonly Day[]): number {
  const trades = sum(days, (day) => day.trades);
  const shares = days.map((day) => day.trades / trades);
  const corrections = shares.map((share) => share ** 2 / (1 - share));
  return 1 / (sum(shares, (share) => share ** 2) + sum(corrections, (s) => s) ** 2 - sum(corrections, (s) => s ** 2));
}
