import { type Estimated, isEstimate, type NoEstimate } from '../../statistics/estimate.ts';
import { MIXTURE_WIDTH } from '../../statistics/mixture.ts';
import { type Reading, readingOf } from '../../statistics/sequential.ts';
import type { Day } from './day.ts';
import { logProfitFactor, meanPerTrade } from './estimate.ts';
import { shortfalls } from './gates.ts';

/** The metrics that are compared. Only expectancy decides. */
export const metrics = {
  expectancy: (days: readonly Day[]): Estimated => meanPerTrade(days, (day) => day.pnl),
  win_rate: (days: readonly Day[]): Estimated => meanPerTrade(days, (day) => day.winning),
  profit_factor: logProfitFactor,
} as const;
export type Metric = keyof typeof metrics;

/** All metrics, computed from the data up to and including one day. */
export interface Look {
  readonly date: string;
  readonly readings: Readonly<Record<Metric, Reading | NoEstimate>>;
}

export interface Comparison {
  readonly baseline: readonly Day[];
  readonly candidate: readonly Day[];
  /** j of the candidate, which gives it α_j = 2α/(j(j+1)). */
  readonly share: number;
}

/** Every look of a comparison, oldest first: one for each day on which an arm traded and both arms pass the gates. Days without trades
 *  are left out, since they would repeat the previous look. */
export function looksOf({ baseline, candidate, share }: Comparison): Look[] {
  const dates = [...new Set([...baseline, ...candidate].map(({ date }) => date))].sort();
  const looks: Look[] = [];
  const first: Partial<Record<Metric, number>> = {};
  for (const date of dates) {
    const upTo = (days: readonly Day[]) => days.filter((day) => day.date <= date);
    const [before, since] = [upTo(baseline), upTo(candidate)];
    if (shortfalls({ baseline: before, candidate: since }).length > 0) continue;
    const previous = looks.at(-1);
    const read = (metric: Metric): Reading | NoEstimate => {
      const [from, to] = [metrics[metric](before), metrics[metric](since)];
      if (!isEstimate(from)) return from;
      if (!isEstimate(to)) return to;
      // Fixed at the first look with an estimate: otherwise the test would not be valid at every look.
      const tau2 = first[metric] ?? MIXTURE_WIDTH * from.variance;
      first[metric] = tau2;
      const evidence = {
        difference: to.value - from.value,
        variance: from.variance + to.variance,
        df: Math.min(from.df, to.df),
        tau2,
      };
      return readingOf(evidence, { share, previous: previous?.readings[metric] });
    };
    looks.push({
      date,
      readings: { expectancy: read('expectancy'), win_rate: read('win_rate'), profit_factor: read('profit_factor') },
    });
  }
  return looks;
}
