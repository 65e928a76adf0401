import { type ArmName, arms, type Shortfall, tradeShortfalls } from '../../statistics/gates.ts';
import { sum } from '../../statistics/sum.ts';
import { thresholds } from '../../thresholds.ts';
import type { Day } from './day.ts';

/** A gate of a comparison that an arm does not pass yet. */
export type ComparisonShortfall = Shortfall | Shortfall<'days'>;

type DaysOfArms = Readonly<Record<ArmName, readonly Day[]>>;

/** The gates that the arms do not pass yet, those of the baseline first. */
export function shortfalls(days: DaysOfArms): ComparisonShortfall[] {
  const ofTrades = tradeShortfalls({ baseline: countsOf(days.baseline), candidate: countsOf(days.candidate) });
  const needs = thresholds.gates.days;
  return arms.flatMap((arm) => {
    const has = days[arm].length;
    const ofDays: readonly ComparisonShortfall[] = has < needs ? [{ arm, what: 'days', has, needs }] : [];
    return [...ofDays, ...ofTrades.filter((shortfall) => shortfall.arm === arm)];
  });
}

const countsOf = (days: readonly Day[]) => ({
  trades: sum(days, (day) => day.trades),
  winning: sum(days, (day) => day.winning),
  losing: sum(days, (day) => day.losing),
});

/** Further days until an arm passes all gates at its own pace; null when it has nothing yet of what it lacks. */
export function daysToPass(days: DaysOfArms, arm: ArmName): number | null {
  const lacking = shortfalls(days).filter((shortfall) => shortfall.arm === arm);
  const waits = lacking.map(({ what, has, needs }) => {
    if (what === 'days') return needs - has;
    return has === 0 ? null : Math.ceil(((needs - has) * days[arm].length) / has);
  });
  return waits.includes(null) ? null : Math.max(0, ...waits.map(Number));
}
