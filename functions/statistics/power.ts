import type { Estimate } from './estimate.ts';
import { radius } from './mixture.ts';

/** The 80 % quantile of the standard normal: a difference of half the interval plus this many standard errors is decided in 80 %
 *  of tests. */
const POWER = 0.8416212335729143;

/** The difference that is decided with 80 % probability; Infinity when the interval is unbounded. */
export function halfWidth({ variance, df }: Pick<Estimate, 'variance' | 'df'>, tau2: number, alpha?: number): number {
  const standardErrors = radius({ variance, df, tau2 }, alpha);
  return standardErrors === null ? Infinity : (standardErrors + POWER) * Math.sqrt(variance);
}

/** Most units that a search tries: 100 years of days. */
const MOST_UNITS = 36_500;

/** The smallest whole number of units, at least `atLeast`, at which a difference of this size is decided with 80 % probability, when
 *  `decidable(m)`, the difference decided after m units, falls with m. null: not within a century of days. */
export function unitsToDecide(
  decidable: (m: number) => number,
  { effect, atLeast }: { readonly effect: number; readonly atLeast: number },
): number | null {
  if (decidable(MOST_UNITS) > effect) return null;
  let [tooFew, enough] = [atLeast - 1, MOST_UNITS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decidable(middle) <= effect) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
