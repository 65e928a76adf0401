import { isEstimate, weightedMean } from '../../statistics/estimate.ts';
import { tradeShortfalls } from '../../statistics/gates.ts';
import { ALPHA, interval } from '../../statistics/mixture.ts';
import { mixtureVariance } from '../../statistics/pairs-needed.ts';
import { sum } from '../../statistics/sum.ts';
import { thresholds } from '../../thresholds.ts';
import type { SymbolEvidence } from '../contract.ts';

/** The results of a symbol on one trading day with trades. */
export interface SymbolDay {
  readonly trades: number;
  readonly winning: number;
  readonly losing: number;
  /** USD. */
  readonly pnl: number;
}

/** Measures the P&L per trade of one symbol: its mean with the confidence sequence of the verdict, over trading days as clusters. α is shared
 *  equally among all symbols that were looked at. The variance of the mixture is fixed on the first day that passes the gates.
 *  @param days oldest first
 *  @param alpha the symbol's share of the error rate
 *  @returns null before that day, and while the interval is unbounded */
export function evidenceOn(days: readonly SymbolDay[], alpha: number): Omit<SymbolEvidence, 'symbol'> | null {
  const tau2 = firstMixture(days);
  const estimate = meanOf(days);
  if (tau2 === null || !isEstimate(estimate)) return null;
  const { value: expectancy_usd, variance, df } = estimate;
  const bounds = interval({ difference: expectancy_usd, variance, df, tau2 }, alpha);
  if (bounds === null) return null;
  return {
    days: days.length,
    total_trades: sum(days, (day) => day.trades),
    total_pnl_usd: sum(days, (day) => day.pnl),
    expectancy_usd,
    lower_usd: bounds[0],
    upper_usd: bounds[1],
  };
}

/** The share of α of each symbol, so that all of them together err at most as often as one verdict. */
export const alphaOfSymbols = (symbols: number): number => ALPHA / Math.max(1, symbols);

const meanOf = (days: readonly SymbolDay[]) =>
  weightedMean(days.map(({ trades, pnl }) => ({ weight: trades, total: pnl })));

/** The variance of the mixture on the first day with enough data: narrowest after 30 days with trades, as that of a test is after 30 pairs. */
function firstMixture(days: readonly SymbolDay[]): number | null {
  for (let n = thresholds.gates.days; n <= days.length; n += 1) {
    const until = days.slice(0, n);
    const estimate = meanOf(until);
    if (passesGates(until) && isEstimate(estimate)) return mixtureVariance(estimate.variance, n);
  }
  return null;
}

/** The gates of an arm. There is no second arm, so a rare kind of trade counts as rare in this one only. */
function passesGates(days: readonly SymbolDay[]): boolean {
  const candidate = {
    trades: sum(days, (day) => day.trades),
    winning: sum(days, (day) => day.winning),
    losing: sum(days, (day) => day.losing),
  };
  const evenly = { trades: candidate.trades, winning: candidate.trades, losing: candidate.trades };
  return tradeShortfalls({ baseline: evenly, candidate }).every(({ arm }) => arm === 'baseline');
}
