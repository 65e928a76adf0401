import type { Day } from './day.ts';
import { type Estimated, isEstimate, logProfitFactor, meanPerTrade, type NoEstimate } from './estimate.ts';
import { shortfalls } from './gates.ts';
import { ALPHA, type Evidence, interval, logE, MIXTURE_WIDTH, pValue } from './mixture.ts';

/** The metrics that are compared. Only expectancy decides. */
export const metrics = {
  expectancy: (days: readonly Day[]): Estimated => meanPerTrade(days, (day) => day.pnl),
  win_rate: (days: readonly Day[]): Estimated => meanPerTrade(days, (day) => day.winning),
  profit_factor: logProfitFactor,
} as const;
export type Metric = keyof typeof metrics;

/** The evidence on one metric at one look. */
export interface Reading extends Evidence {
  readonly lower: number | null;
  readonly upper: number | null;
  /** The p-value of this look alone. */
  readonly p_now: number;
  /** The always-valid p-value: the smallest of all looks so far. */
  readonly p: number;
  readonly decides: boolean;
}

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
    if (shortfalls('baseline', before).length + shortfalls('candidate', since).length > 0) continue;
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
      return reading(evidence, share, previous?.readings[metric]);
    };
    looks.push({
      date,
      readings: { expectancy: read('expectancy'), win_rate: read('win_rate'), profit_factor: read('profit_factor') },
    });
  }
  return looks;
}

/** α of the j-th candidate against one baseline. Fixed when it starts; all candidates together spend α. */
export const alphaOf = (share: number): number => (2 * ALPHA) / (share * (share + 1));

function reading(evidence: Evidence, share: number, previous: Reading | NoEstimate | undefined): Reading {
  const lnE = logE(evidence);
  const bounds = interval(evidence, alphaOf(share));
  const p_now = Math.min(1, (pValue(lnE) * share * (share + 1)) / 2);
  return {
    ...evidence,
    lower: bounds?.[0] ?? null,
    upper: bounds?.[1] ?? null,
    p_now,
    p: Math.min(p_now, typeof previous === 'object' ? previous.p : 1),
    decides: lnE >= -Math.log(alphaOf(share)),
  };
}

/** The latest decision that the looks reached, with its date; null when they reached none. */
export function decisionOf(
  looks: readonly Look[],
): { readonly kind: 'keep' | 'revert'; readonly date: string; readonly reversed: boolean } | null {
  return looks.reduce<ReturnType<typeof decisionOf>>((decision, { date, readings: { expectancy } }) => {
    if (typeof expectancy !== 'object' || !expectancy.decides) return decision;
    const kind = expectancy.difference > 0 ? 'keep' : 'revert';
    return decision?.kind === kind ? decision : { kind, date, reversed: decision !== null };
  }, null);
}
