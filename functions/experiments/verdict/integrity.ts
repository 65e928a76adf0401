import { sum } from '../../statistics/sum.ts';
import type { ArmSums, PairSums } from './pair.ts';

/** The e-value against a fair coin, of x heads in n tosses: 2ⁿB(x+½, n−x+½)/B(½,½), with the mixture of Krichevsky and Trofimov.
 *  @example coinE(12, 12) // 660.19… */
export function coinE(heads: number, tosses: number): number {
  let e = 1;
  for (let i = 0; i < heads; i++) e *= (2 * (i + 0.5)) / (i + 1);
  for (let i = 0; i < tosses - heads; i++) e *= (2 * (i + 0.5)) / (heads + i + 1);
  return e;
}

/** Least pairs with trades on both sides for a correlation. */
const LEAST_PAIRS = 10;

/** How much the difference of a pair follows its mean: t of the correlation between Y₁/K₁ − Y₀/K₀ and their mean, over the pairs with
 *  trades on both sides. Large: the candidate is a larger bet on the market; small: a smaller one. Infinite when the
 *  candidate is a multiple of the baseline. null: too few pairs, or no spread. */
export function followsMarket(pairs: readonly PairSums[]): number | null {
  const both = pairs.filter(({ baseline, candidate }) => baseline.trades > 0 && candidate.trades > 0);
  if (both.length < LEAST_PAIRS) return null;
  const mean = (arm: ArmSums) => arm.pnl / arm.trades;
  const r = correlation(
    both.map(({ baseline, candidate }) => mean(candidate) - mean(baseline)),
    both.map(({ baseline, candidate }) => (mean(candidate) + mean(baseline)) / 2),
  );
  return r === null ? null : r * Math.sqrt((both.length - 2) / (1 - r ** 2));
}

/** Pearson's; null when either side does not vary. */
function correlation(xs: readonly number[], ys: readonly number[]): number | null {
  const [x, y] = [sum(xs, Number) / xs.length, sum(ys, Number) / ys.length];
  const products = sum(
    xs.map((each, i) => (each - x) * ((ys[i] ?? 0) - y)),
    Number,
  );
  const [xx, yy] = [sum(xs, (each) => (each - x) ** 2), sum(ys, (each) => (each - y) ** 2)];
  const r = products / Math.sqrt(xx * yy);
  // Rounding may leave it slightly beyond ±1.
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : null;
}

/** Whether the arms trade differently often: by a tenth, and by more than chance. */
export const tradesDiffer = (baseline: number, candidate: number): boolean =>
  Math.abs(candidate - baseline) > Math.max(0.1 * Math.min(baseline, candidate), 2 * Math.sqrt(baseline + candidate));
