import { counted } from '../../formatting.ts';
import { type Estimated, isEstimate } from '../../statistics/estimate.ts';
import { pairsToPlan } from '../../statistics/pairs-needed.ts';
import { halfWidth, unitsToDecide } from '../../statistics/power.ts';
import type { Verdict } from './contract.ts';
import type { Day } from './day.ts';
import { daysToPass } from './gates.ts';
import { running } from './needed.ts';

interface NextStepInput {
  readonly kind: Verdict['kind'];
  /** Until a difference of this size is decided; null: never with this baseline. */
  readonly needed: Verdict['needed'];
  readonly days: Readonly<Record<'baseline' | 'candidate', readonly Day[]>>;
  readonly estimates: Readonly<Record<'baseline' | 'candidate', Estimated>>;
  readonly tau2: number;
  /** The size of the difference to decide; above 0. */
  readonly effect: number;
  readonly alpha: number;
}

/** What to do next, so that there is an end. */
export function nextStepOf(input: NextStepInput): Verdict['next_step'] {
  const { kind, needed, days } = input;
  switch (kind) {
    case 'keep':
    case 'no_material_difference':
      return { kind: 'decide', days: 0, test_days: null };
    case 'revert':
      return { kind: 'roll_back', days: 0, test_days: null };
    case 'keep_running':
    case 'not_enough_data': {
      const test_days = testDays(input);
      if (needed?.days) return { kind: 'wait', days: needed.days, test_days };
      const gates = {
        baseline: daysToPass(days, 'baseline'),
        candidate: daysToPass(days, 'candidate'),
      };
      if (gates.baseline !== 0) return { kind: 'run_baseline', days: gates.baseline, test_days };
      if (gates.candidate !== 0) return { kind: 'wait', days: gates.candidate, test_days };
      const more = baselineDays(input);
      return more === null || (test_days !== null && test_days < more)
        ? { kind: 'test', days: test_days, test_days }
        : { kind: 'run_baseline', days: more, test_days };
    }
  }
}

/** Further days of the baseline until a difference of this size is decided with 80 % probability, with the candidate as it is. */
function baselineDays({ days, estimates: { baseline, candidate }, tau2, effect, alpha }: NextStepInput): number | null {
  if (!isEstimate(baseline) || !isEstimate(candidate)) return null;
  const sharpened = running(baseline, days.baseline.length);
  const width = (m: number) => {
    const { variance, df } = sharpened(m);
    return halfWidth({ variance: variance + candidate.variance, df: Math.min(df, candidate.df) }, tau2, alpha);
  };
  return unitsToDecide(width, { effect, atLeast: 1 });
}

/** Days of an alternating test with blocks of a day: a pair has a day of each, with the variance of the baseline's days. */
function testDays({ days, estimates: { baseline }, effect, alpha }: NextStepInput): number | null {
  if (!isEstimate(baseline)) return null;
  const estimate = { variance: 2 * baseline.variance, df: baseline.df };
  const pairs = pairsToPlan({ estimate, pairs: days.baseline.length, effect, alpha });
  return pairs === null ? null : 2 * pairs;
}

/** Longest alternating test that is recommended, in days. */
const LONGEST_TEST = 180;

/** Whether a test would take so long that a larger change is better. */
export const isTooLong = (test_days: number | null): test_days is number =>
  test_days !== null && test_days > LONGEST_TEST;

/** Whether the new settings lose so much that going back needs no verdict. */
export const isLosing = ({
  expectancy: { difference },
  material_usd,
}: Pick<Verdict, 'expectancy' | 'material_usd'>): boolean => difference !== null && difference < -material_usd;

/** The step in a sentence, with its command. */
export function nextStepSentence(verdict: Pick<Verdict, 'next_step' | 'expectancy' | 'material_usd'>): string {
  const { kind, days, test_days } = verdict.next_step;
  const test = `start an alternating test (strategy experiment start)${test_days === null ? '' : `: about ${counted(test_days, 'day')}`}`;
  switch (kind) {
    case 'decide':
      return '';
    case 'roll_back':
      return 'Next: roll back (strategy rollback).';
    case 'wait':
      return days === null
        ? `Next: wait until the new settings have enough trades, or ${test}.`
        : `Next: wait for ${counted(days, 'more day')}, or ${test}.`;
    case 'run_baseline':
      return `Next: run the old settings for ${days === null ? 'longer' : counted(days, 'more day')} (strategy rollback), or ${test}.`;
    case 'test':
      return isTooLong(test_days)
        ? `Next: ${isLosing(verdict) ? 'go back to the old settings (strategy rollback)' : 'keep the new settings or go back, as you like'}, and test a larger change. An alternating test of this one would take about ${counted(test_days, 'day')}.`
        : `Next: ${test}.`;
  }
}
