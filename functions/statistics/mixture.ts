import { thresholds } from '../thresholds.ts';

/** The day-clustered t-mixture test, valid at every look: a confidence sequence and its e-value.
 *
 *  Sources: Waudby-Smith, Ramdas et al., arXiv 2103.06476 (asymptotic confidence sequences); the R package `avlm` (t-mixture
 *  e-values); Bibaut, Kallus, Lindon, arXiv 2212.14411 (delayed start under dependence). Since the variance is estimated, the test
 *  is asymptotic, not exact. */

/** Error rate of a decision. */
export const ALPHA: number = thresholds.alpha;

/** Variance of the mixture as a multiple of the baseline's variance; 15.872… at α = 0.05. It makes the interval narrowest when the
 *  candidate has as many trades as the baseline. */
export const MIXTURE_WIDTH = 2 * (-2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA)));

/** A difference and its uncertainty. */
export interface Evidence {
  /** Candidate minus baseline. */
  readonly difference: number;
  /** Variance of the difference; above 0. */
  readonly variance: number;
  /** Degrees of freedom; may be Infinity. */
  readonly df: number;
  /** Variance of the mixture, fixed at the first look; above 0. */
  readonly tau2: number;
}

/** Natural logarithm of the e-value against a difference of 0. From −ln α on, the difference is decided. */
export function logE({ difference, variance, df, tau2 }: Evidence): number {
  const r = variance / (variance + tau2);
  const t2 = difference ** 2 / variance;
  if (df === Infinity) return 0.5 * Math.log(r) + 0.5 * (1 - r) * t2;
  return 0.5 * Math.log(r) + 0.5 * (df + 1) * (Math.log1p(t2 / df) - Math.log1p((r * t2) / df));
}

/** The p-value of one look. The smallest of all looks so far is always valid. */
export const pValue = (lnE: number): number => Math.min(1, Math.exp(-lnE));

/** Half the width of the interval, in standard errors; null when too few degrees of freedom leave it unbounded. */
export function radius({ variance, df, tau2 }: Omit<Evidence, 'difference'>, alpha = ALPHA): number | null {
  const r = variance / (variance + tau2);
  if (df === Infinity) return Math.sqrt((-2 * Math.log(alpha) - Math.log(r)) / (1 - r));
  const q = (r * alpha ** 2) ** (1 / (df + 1));
  return q <= r ? null : Math.sqrt((df * (1 - q)) / (q - r));
}

/** The confidence sequence: all differences that the evidence does not reject. null: unbounded. */
export function interval(evidence: Evidence, alpha = ALPHA): readonly [lower: number, upper: number] | null {
  const standardErrors = radius(evidence, alpha);
  if (standardErrors === null) return null;
  const half = standardErrors * Math.sqrt(evidence.variance);
  return [evidence.difference - half, evidence.difference + half];
}
