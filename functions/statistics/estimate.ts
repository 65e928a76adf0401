import { sum } from './sum.ts';

/** A mean, or log profit factor, with the variance and the degrees of freedom of that estimate. */
export interface Estimate {
  readonly value: number;
  readonly variance: number;
  readonly df: number;
}

/** Why there is no estimate. */
export type NoEstimate = 'fewer_than_two_days' | 'no_profit' | 'no_loss' | 'no_variance';

export type Estimated = Estimate | NoEstimate;

export const isEstimate = (estimated: Estimated): estimated is Estimate => typeof estimated === 'object';

/** An independent unit of a test: a trading day, or a pair of blocks. */
export interface Cluster {
  /** Such as its number of trades. At least 0. */
  readonly weight: number;
  /** Such as its P&L, in USD. */
  readonly total: number;
}

/** Smallest standard error, as a share of the mean size of the totals. What is below it is a rounding error: the clusters are equal. */
const LEAST_STANDARD_ERROR = 1e-12;

/** Estimates the mean total per weight. The variance is corrected for few and unequal clusters (HC2-type leverage); the degrees of
 *  freedom are of Bell–McCaffrey type: C − 1 when all C clusters have the same weight. There is no variance when a single cluster has
 *  all the weight.
 *  @example weightedMean([{ weight: 4, total: 12 }, …]) // of totals [12, −4, 6, 10], weights [4, 2, 3, 5]: 1.714…, 0.538…, 2.666… */
export function weightedMean(clusters: readonly Cluster[]): Estimated {
  if (clusters.length < 2) return 'fewer_than_two_days';
  const weight = sum(clusters, (cluster) => cluster.weight);
  if (clusters.some((cluster) => cluster.weight >= weight)) return 'no_variance';
  const value = sum(clusters, ({ total }) => total) / weight;
  const size = sum(clusters, ({ total }) => Math.abs(total)) / weight;
  const variance = sum(
    clusters,
    (each) => ((each.total - value * each.weight) / weight) ** 2 / (1 - each.weight / weight),
  );
  return variance > (LEAST_STANDARD_ERROR * size) ** 2
    ? { value, variance, df: degreesOfFreedom(clusters.map((cluster) => cluster.weight)) }
    : 'no_variance';
}

export function degreesOfFreedom(weights: readonly number[]): number {
  const total = sum(weights, (weight) => weight);
  const shares = weights.map((weight) => weight / total);
  const corrections = shares.map((share) => share ** 2 / (1 - share));
  return 1 / (sum(shares, (share) => share ** 2) + sum(corrections, (s) => s) ** 2 - sum(corrections, (s) => s ** 2));
}
