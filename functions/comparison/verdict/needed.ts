import type { Estimate } from './estimate.ts';
import { radius } from './mixture.ts';

/** The 80 % quantile of the standard normal: with so much more than the interval's half, four tests in five decide. */
const POWER = 0.8416212335729143;

/** Beyond this many days nobody waits: 100 years. */
const MOST_DAYS = 36_500;

/** What a comparison of this size can decide, and when. */
export interface Outlook {
  /** Trading days of the candidate that are still needed, or null: with this baseline it is never decided. */
  readonly days: number | null;
  /** The smallest difference that this baseline can ever decide, however long the candidate runs; null: none. */
  readonly smallestEffect: number | null;
}

/** How a candidate's estimate sharpens after m more days. */
export type Sharpening = (m: number) => Pick<Estimate, 'variance' | 'df'>;

/** A running candidate of C days. */
export const running =
  (candidate: Estimate, days: number): Sharpening =>
  (m) => ({
    variance: (candidate.variance * days) / (days + m),
    df: (candidate.df * (days + m - 1)) / (days - 1),
  });

/** A candidate that has not begun, with the spread and the pace of the baseline's C days. */
export const planned =
  (baseline: Estimate, days: number): Sharpening =>
  (m) => ({
    variance: (baseline.variance * days) / m,
    df: (baseline.df * (m - 1)) / (days - 1),
  });

interface Question {
  readonly baseline: Pick<Estimate, 'variance' | 'df'>;
  readonly candidate: Sharpening;
  readonly tau2: number;
  /** The difference to be decided, above 0. */
  readonly effect: number;
  /** No fewer days than this: the gates want them. */
  readonly atLeast: number;
  readonly alpha?: number;
}

/** The smallest number of further days after which a difference of this size is decided four times in five. */
export function outlook({ baseline, candidate, tau2, effect, atLeast, alpha }: Question): Outlook {
  const decidable = (m: number): number => {
    const { variance, df } = candidate(m);
    return halfWidth({ variance: baseline.variance + variance, df: Math.min(baseline.df, df) }, tau2, alpha);
  };
  const floor = halfWidth(baseline, tau2, alpha);
  const smallestEffect = Number.isFinite(floor) ? floor : null;
  if (floor >= effect || decidable(MOST_DAYS) > effect) return { days: null, smallestEffect };

  // The width falls with every day, so the first day that is enough is found by halving.
  let [tooFew, enough] = [atLeast - 1, MOST_DAYS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decidable(middle) <= effect) enough = middle;
    else tooFew = middle;
  }
  return { days: enough, smallestEffect };
}

/** The effect that is decided four times in five; Infinity when the interval is unbounded. */
export function halfWidth({ variance, df }: Pick<Estimate, 'variance' | 'df'>, tau2: number, alpha?: number): number {
  const standardErrors = radius({ variance, df, tau2 }, alpha);
  return standardErrors === null ? Infinity : (standardErrors + POWER) * Math.sqrt(variance);
}
