import { counted, usd } from '../../formatting.ts';
import { isEstimate } from '../../statistics/estimate.ts';
import { MIXTURE_WIDTH } from '../../statistics/mixture.ts';
import { sum } from '../../statistics/sum.ts';
import { thresholds } from '../../thresholds.ts';
import type { Plan } from '../contract.ts';
import { type Arm, daysOf } from './arm.ts';
import { shortfalls } from './gates.ts';
import { metrics } from './looks.ts';
import { outlook, planned } from './needed.ts';
import { paceOf } from './verdict.ts';

/** Estimates how many trades and days it takes to decide a change of this size with 80 % probability, assuming that the candidate has
 *  the pace and the variance of this arm. */
export function planOf(arm: Arm, { effect, through }: { effect: number; through: string }): Plan {
  const { snapshot_id, config_hash, notes, snapshot_ids } = arm;
  const baseline = { snapshot_id, config_hash, notes, snapshot_ids: [...snapshot_ids] };
  const days = daysOf(arm.rows).filter(({ date }) => date <= through);
  const estimate = metrics.expectancy(days);
  const lacking = shortfalls({ baseline: days, candidate: days }).filter(({ arm: name }) => name === 'baseline');
  const nothing = { effect_usd: effect, baseline, trades: null, days: null, smallest_effect_usd: null };
  if (!isEstimate(estimate) || lacking.length > 0) {
    const lacks = lacking.map(({ what, has, needs }) => `${has} of ${needs} ${what.replace('_', ' ')}`);
    return {
      ...nothing,
      summary: `Too early to plan: the active configuration has ${lacks.join(', ') || 'no variance, since all its days are the same'}.`,
    };
  }
  const { days: more, smallestEffect } = outlook({
    baseline: estimate,
    candidate: planned(estimate, days.length),
    tau2: MIXTURE_WIDTH * estimate.variance,
    effect,
    atLeast: thresholds.gates.days,
  });
  const goal = `a difference of ${usd(effect)} per trade`;
  if (more === null) {
    const least =
      smallestEffect === null ? '' : ` The smallest difference that can be decided is ${usd(smallestEffect)}.`;
    return {
      ...nothing,
      smallest_effect_usd: smallestEffect,
      summary: `With the active settings as the baseline of the next change, ${goal} can never be decided: they have too few days.${least} Let them run longer first.`,
    };
  }
  const trades = Math.ceil((more * sum(days, (day) => day.trades)) / days.length);
  const pace = paceOf(days, arm.started_on, through);
  const calendarDays = pace === 0 ? null : Math.ceil(more / pace);
  const time =
    calendarDays === null
      ? 'but the bot has not traded for two weeks'
      : `${counted(calendarDays, 'day')} at the recent pace`;
  return {
    ...nothing,
    trades,
    days: calendarDays,
    smallest_effect_usd: smallestEffect,
    summary: `To decide ${goal} from the active settings: about ${counted(trades, 'trade')}, ${time}.`,
  };
}
