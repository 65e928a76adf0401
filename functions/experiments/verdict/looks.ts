import { type Cluster, type Estimated, isEstimate, type NoEstimate, weightedMean } from '../../statistics/estimate.ts';
import { logE } from '../../statistics/mixture.ts';
import { mixtureVariance } from '../../statistics/pairs-needed.ts';
import { type Reading, readingOf } from '../../statistics/sequential.ts';
import { logCoinE } from './coin-test.ts';
import { contrasts, contrastsPerDay } from './contrast.ts';
import { shortfalls } from './gates.ts';
import { type EndedPair, type PairSums, sumsThrough } from './pair.ts';

/** The metrics of an experiment. Only expectancy decides; the others have an interval. */
export const metrics = {
  /** USD per trade. */
  expectancy: (pairs: readonly PairSums[]): Cluster[] => contrasts(pairs, (arm) => arm.pnl),
  /** Share of winning trades. */
  win_rate: (pairs: readonly PairSums[]): Cluster[] => contrasts(pairs, (arm) => arm.winning),
  /** USD per day. */
  pnl_per_day: contrastsPerDay,
} as const;
export type Metric = keyof typeof metrics;

/** The evidence on the expectancy: the e-values of both tests, as natural logarithms. */
export interface ExpectancyReading extends Reading {
  readonly ln_e_t: number;
  readonly ln_e_c: number;
}

/** A completed trading day on which a pair settles, with the trades that had closed by its end. */
export interface Look {
  readonly date: string;
  /** Settled pairs with a trade. */
  readonly pairs: number;
  readonly readings: {
    readonly expectancy: ExpectancyReading | NoEstimate;
    readonly win_rate: Reading | NoEstimate;
    readonly pnl_per_day: Reading | NoEstimate;
  };
}

export interface LooksInput {
  /** Oldest first. */
  readonly pairs: readonly EndedPair[];
  /** Length of a block, in days. */
  readonly block_days: number;
  /** j of the candidate, which gives it α_j = 2α/(j(j+1)). */
  readonly share: number;
  /** The last completed trading day. */
  readonly through: string;
}

/** The sums of the pairs that had settled by the end of a day. */
export const settledBy = (pairs: readonly EndedPair[], date: string): PairSums[] =>
  pairs.filter(({ settles_on }) => settles_on <= date).map((pair) => sumsThrough(pair, date));

/** Every look from the first that passes the gates on, oldest first. */
export function looksOf({ pairs, block_days, share, through }: LooksInput): Look[] {
  const dates = [...new Set(pairs.map(({ settles_on }) => settles_on))].filter((date) => date <= through).sort();
  const looks: Look[] = [];
  const first: Partial<Record<Metric, number>> = {};
  for (const date of dates) {
    const settled = settledBy(pairs, date);
    if (shortfalls(settled).length > 0) continue;
    const previous = looks.at(-1)?.readings;
    const read = (metric: Metric, clusters: readonly Cluster[]) => {
      const estimated = weightedMean(clusters);
      if (!isEstimate(estimated)) return estimated;
      const { value: difference, variance, df } = estimated;
      // Fixed at the first look with an estimate: otherwise the test would not be valid at every look.
      first[metric] ??= mixtureVariance(variance, clusters.length);
      return { difference, variance, df, tau2: first[metric] };
    };
    const interval = (metric: 'win_rate' | 'pnl_per_day', clusters: readonly Cluster[]): Reading | NoEstimate => {
      const evidence = read(metric, clusters);
      return typeof evidence === 'object' ? readingOf(evidence, { share, previous: previous?.[metric] }) : evidence;
    };
    const clusters = metrics.expectancy(settled);
    const evidence = read('expectancy', clusters);
    looks.push({
      date,
      pairs: clusters.length,
      readings: {
        expectancy:
          typeof evidence === 'object'
            ? expectancyReading(evidence, clusters, { share, previous: previous?.expectancy })
            : evidence,
        win_rate: interval('win_rate', metrics.win_rate(settled)),
        pnl_per_day: interval('pnl_per_day', metrics.pnl_per_day(settled, block_days)),
      },
    });
  }
  return looks;
}

/** Both tests must agree, so the smaller e-value decides. The interval is that of the t test. */
function expectancyReading(
  evidence: Exclude<Parameters<typeof readingOf>[0], Reading>,
  clusters: readonly Cluster[],
  of: { readonly share: number; readonly previous: Reading | NoEstimate | undefined },
): ExpectancyReading {
  const ln_e_t = logE(evidence);
  const ln_e_c = logCoinE(
    clusters.map(({ total }) => total),
    evidence.difference >= 0 ? 1 : -1,
  );
  return { ...readingOf(evidence, { ...of, lnE: Math.min(ln_e_t, ln_e_c) }), ln_e_t, ln_e_c };
}

/** The estimate of the difference in expectancy from all settled pairs. */
export const expectancyOf = (pairs: readonly PairSums[]): Estimated => weightedMean(metrics.expectancy(pairs));
