import { looksOf } from '../../functions/comparison/verdict/looks.ts';
import { decisionOf } from '../../functions/statistics/sequential.ts';
import { daysBetween } from '../../functions/summaries/days.ts';
import { randomOf } from './random.ts';
import { dailyTTest } from './t-test.ts';
import { historyOf, type SimulatedDay, type World } from './world.ts';

/** Shares of the simulated histories. */
export interface Outcome {
  /** Decided at any look. */
  readonly decided: number;
  /** Fired at any look. */
  readonly tTest: number;
  /** Median candidate days until the decision, among decided histories. */
  readonly medianDays: number | null;
}

/** The first decision by the product's looks, and by a daily t-test that starts after the same gates. */
export function verdictsOf({
  baseline,
  candidate,
}: {
  baseline: readonly SimulatedDay[];
  candidate: readonly SimulatedDay[];
}) {
  const looks = looksOf({ baseline, candidate, share: 1 });
  const first = looks.find(({ readings: { expectancy } }) => typeof expectancy === 'object' && expectancy.decides);
  const opened = looks[0]?.date;
  return {
    days: first ? daysBetween(candidate[0]?.date ?? first.date, first.date) : null,
    decided: decisionOf(looks.map(({ date, readings }) => ({ date, reading: readings.expectancy }))) !== null,
    tTest: opened !== undefined && dailyTTest(baseline, candidate, opened) !== null,
  };
}

export function outcomeOf(world: World, { histories, seed }: { histories: number; seed: number }): Outcome {
  return tally(Array.from({ length: histories }, (_, i) => verdictsOf(historyOf(world, randomOf(seed + i)))));
}

export function tally(verdicts: readonly ReturnType<typeof verdictsOf>[]): Outcome {
  const waits = verdicts.flatMap(({ days }) => (days === null ? [] : [days])).sort((a, b) => a - b);
  const share = (count: number) => count / verdicts.length;
  return {
    decided: share(verdicts.filter(({ decided }) => decided).length),
    tTest: share(verdicts.filter(({ tTest }) => tTest).length),
    medianDays: waits[Math.floor(waits.length / 2)] ?? null,
  };
}
