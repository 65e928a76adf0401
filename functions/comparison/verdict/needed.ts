import type { Estimate } from './estimate.ts';
import { radius } from './mixture.ts';

/** The 80 % quantile of the standard normal: a difference of half the interval plus this many standard errors is decided in 80 %
 *  of tests. */
const POWER = 0.8416212335729143;

/** Most days that an outlook searches: 100 years. */
const MOST_DAYS = 36_500;

/** When a difference is decided, and which differences can be. */
export interface Outlook {
  /** Further trading days that the candidate needs; null: never decided with this baseline. */
  readonly days: number | null;
  /** The smallest difference that this baseline can ever decide, however long the candidate runs; null: none. */
  readonly smallestEffect: number | null;
}

/** Variance and degrees of freedom of the candidate's estimate after m more days. */
export type Sharpening = (m: number) => Pick<Estimate, 'variance' | 'df'>;

/** The precision of a running candidate with `days` days so far. */
export const running =
  (candidate: Estimate, days: number): Sharpening =>
  (m) => ({
    variance: (candidate.variance * days) / (days + m),
    df: (candidate.df * (days + m - 1)) / (days - 1),
  });

/** The precision of a candidate that has not started, assuming the variance and the pace of the baseline's `days` days. */
export const planned =
  (baseline: Estimate, days: number): Sharpening =>
  (m) => ({
    variance: (baseline.variance * days) / m,
    df: (baseline.df * (m - 1)) / (days - 1),
  });

interface OutlookInput {
  readonly baseline: Pick<Estimate, 'variance' | 'df'>;
  readonly candidate: Sharpening;
  readonly tau2: number;
  /** The size of the difference to decide; above 0. */
  readonly effect: number;
  /** Least further days, which the gates require. */
  readonly atLeast: number;
  readonly alpha?: number;
}

/** Computes after how many further days a difference of this size is decided with 80 % probability. */
export function outlook({ baseline, candidate, tau2, effect, atLeast, alpha }: OutlookInput): Outlook {
  const decidable = (m: number): number => {
    const { variance, df } = candidate(m);
    return halfWidth({ variance: baseline.variance + variance, df: Math.min(baseline.df, df) }, tau2, alpha);
  };
  const floor = halfWidth(baseline, tau2, alpha);
  const smallestEffect = Number.isFinite(floor) ? floor : null;
  if (floor >= effect || decidable(MOST_DAYS) > effect) return { days: null, smallestEffect };

  // The width falls with every day, so a binary search finds the first day that is enough.
  let [tooFew, enough] = [atLeast - 1, MOST_DAYS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decidable(middle) <= effect) enough = middle;
    else tooFew = middle;
  }
  return { days: enough, smallestEffect };
}

/** The difference that is decided with 80 % probability; Infinity when the interval is unbounded. */
export function halfWidth({ variance, df }: Pick<Estimate, 'variance' | 'df'>, tau2: number, alpha?: number): number {
  const standardErrors = radius({ variance, df, tau2 }, alpha);
  return standardErrors === null ? Infinity : (standardErrors + POWER) * Math.sqrt(variance);
}
