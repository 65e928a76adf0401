import type { Estimate } from '../../statistics/estimate.ts';
import { halfWidth, unitsToDecide } from '../../statistics/power.ts';

/** When a difference is decided, and which differences can be. */
export interface Outlook {
  /** Further trading days that the candidate needs; null: never decided with this baseline. */
  readonly days: number | null;
  /** The smallest difference that this baseline can ever decide, however long the candidate runs; null: none. */
  readonly smallestEffect: number | null;
}

/** Variance and degrees of freedom of an arm's estimate after m more days. */
export type Sharpening = (m: number) => Pick<Estimate, 'variance' | 'df'>;

/** The precision of an arm that goes on running, with `days` days so far. */
export const running =
  (arm: Estimate, days: number): Sharpening =>
  (m) => ({
    variance: (arm.variance * days) / (days + m),
    df: (arm.df * (days + m - 1)) / (days - 1),
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
  return { days: floor >= effect ? null : unitsToDecide(decidable, { effect, atLeast }), smallestEffect };
}
