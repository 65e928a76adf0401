/** The day-clustered t-mixture test, valid at every look: a confidence sequence and its e-value. Pure numbers.
 *
 *  Sources: Waudby-Smith, Ramdas et al., arXiv 2103.06476 (asymptotic confidence sequences); the R package `avlm` (t-mixture
 *  e-values); Bibaut, Kallus, Lindon, arXiv 2212.14411 (delayed start under dependence). With an estimated variance it is
 *  asymptotic, not exact. */

/** The error rate that a decision claims. */
export const ALPHA = 0.05;

/** How wide the mixture is, as a multiple of the baseline's variance: widest where the candidate has as many trades as the
 *  baseline. 15.872… at α = 0.05. */
export const MIXTURE_WIDTH = 2 * (-2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA)));

/** A difference with what is known of its spread. */
export interface Evidence {
  /** Candidate less baseline. */
  readonly difference: number;
  /** Variance of the difference; above 0. */
  readonly variance: number;
  /** Degrees of freedom; may be Infinity. */
  readonly df: number;
  /** Variance of the mixture, fixed at the first look; above 0. */
  readonly tau2: number;
}

/** ln of the e-value against a difference of 0: above −ln α, the difference is decided. */
export function logE({ difference, variance, df, tau2 }: Evidence): number {
  const r = variance / (variance + tau2);
  const t2 = difference ** 2 / variance;
  if (df === Infinity) return 0.5 * Math.log(r) + 0.5 * (1 - r) * t2;
  return 0.5 * Math.log(r) + 0.5 * (df + 1) * (Math.log1p(t2 / df) - Math.log1p((r * t2) / df));
}

/** The always-valid p of one look: the smallest of all looks so far is what counts. */
export const pValue = (lnE: number): number => Math.min(1, Math.exp(-lnE));

/** Half the interval's width in standard errors, or null: with so few degrees of freedom it is unbounded. */
export function radius({ variance, df, tau2 }: Omit<Evidence, 'difference'>, alpha = ALPHA): number | null {
  const r = variance / (variance + tau2);
  if (df === Infinity) return Math.sqrt((-2 * Math.log(alpha) - Math.log(r)) / (1 - r));
  const q = (r * alpha ** 2) ** (1 / (df + 1));
  return q <= r ? null : Math.sqrt((df * (1 - q)) / (q - r));
}

/** The differences that the evidence leaves standing; null: unbounded. */
export function interval(evidence: Evidence, alpha = ALPHA): readonly [lower: number, upper: number] | null {
  const standardErrors = radius(evidence, alpha);
  if (standardErrors === null) return null;
  const half = standardErrors * Math.sqrt(evidence.variance);
  return [evidence.difference - half, evidence.difference + half];
}
