import { counted, usd } from '../../formatting.ts';
import type { Plan } from '../contract.ts';
import { type Arm, daysOf } from './arm.ts';
import { sum } from './day.ts';
import { isEstimate } from './estimate.ts';
import { shortfalls } from './gates.ts';
import { metrics } from './looks.ts';
import { MIXTURE_WIDTH } from './mixture.ts';
import { outlook, planned } from './needed.ts';
import { paceOf } from './verdict.ts';

/** A candidate's gates want at least this many days. */
const AT_LEAST_DAYS = 7;

/** How many trades and days a change of this size would take to be decided four times in five, if the candidate traded and
 *  spread as this arm does. */
export function planOf(arm: Arm, { effect, through }: { effect: number; through: string }): Plan {
  const { snapshot_id, config_hash, notes, snapshot_ids } = arm;
  const baseline = { snapshot_id, config_hash, notes, snapshot_ids: [...snapshot_ids] };
  const days = daysOf(arm.rows).filter(({ date }) => date <= through);
  const estimate = metrics.expectancy(days);
  const nothing = { effect_usd: effect, baseline, trades: null, days: null, smallest_effect_usd: null };
  if (!isEstimate(estimate) || shortfalls('baseline', days).length > 0) {
    const lacks = shortfalls('baseline', days).map(
      ({ what, has, needs }) => `${has} ${what.replace('_', ' ')} of ${needs}`,
    );
    return {
      ...nothing,
      summary: `Too early to plan: the active configuration has ${lacks.join(', ') || 'no spread to measure'}.`,
    };
  }
  const { days: more, smallestEffect } = outlook({
    baseline: estimate,
    candidate: planned(estimate, days.length),
    tau2: MIXTURE_WIDTH * estimate.variance,
    effect,
    atLeast: AT_LEAST_DAYS,
  });
  const of = `a difference of ${usd(effect)} per trade`;
  if (more === null) {
    const least = smallestEffect === null ? '' : ` The smallest that can be is ${usd(smallestEffect)}.`;
    return {
      ...nothing,
      smallest_effect_usd: smallestEffect,
      summary: `With this baseline ${of} is never decided.${least} Let it run longer first.`,
    };
  }
  const trades = Math.ceil((more * sum(days, (day) => day.trades)) / days.length);
  const pace = paceOf(days, arm.started_on, through);
  const calendarDays = pace === 0 ? null : Math.ceil(more / pace);
  const time =
    calendarDays === null
      ? 'and it has not traded for two weeks'
      : `${counted(calendarDays, 'day')} at the recent pace`;
  return {
    ...nothing,
    trades,
    days: calendarDays,
    smallest_effect_usd: smallestEffect,
    summary: `To decide ${of}: about ${counted(trades, 'trade')}, ${time}.`,
  };
}
