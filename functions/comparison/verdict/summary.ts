import { counted, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { Verdict } from './contract.ts';

type Unsaid = Omit<Verdict, 'summary'>;

/** The verdict in plain words, for somebody who has to act on it: what to do first. It suggests, and never proves: one setting
 *  ran after the other. */
export function summaryOf(verdict: Unsaid): string {
  switch (verdict.kind) {
    case 'keep':
      return `Keep the new settings: ${evidenceOf(verdict)} suggests that they earn more. Now they earn ${standing(verdict)}.`;
    case 'revert':
      return `Take the change back: ${evidenceOf(verdict)} suggests that it earns less. Now the new settings earn ${standing(verdict)}.`;
    case 'no_material_difference':
      return `No difference that matters: choose by other reasons. It is within ${usd(verdict.material_usd)} per trade; so far the new settings earn ${standing(verdict)}.`;
    case 'keep_running':
      return verdict.needed
        ? `Keep running: not enough evidence yet. A verdict needs ${longer(verdict.needed)}. So far the new settings earn ${standing(verdict)}.${mayStop(verdict)}`
        : `Keep running: not enough evidence yet. Expect no verdict before the old settings have run for longer. ${undecidable(verdict)}${mayStop(verdict)}`;
    case 'not_enough_data':
      return [tooEarly(verdict), lacking(verdict), soFar(verdict), wait(verdict)].filter(Boolean).join(' ');
  }
}

const evidenceOf = ({ decided_on }: Unsaid): string =>
  decided_on === null ? 'the evidence' : `the evidence of ${shortDay(decided_on)}`;

/** @example '$0.21 more per trade, and anything from -$0.10 to $0.52 would fit the data' */
function standing({ expectancy: { difference, lower, upper } }: Unsaid): string {
  const fits =
    lower === null || upper === null
      ? 'but over so few days that could be luck of any size'
      : `and anything from ${usd(lower)} to ${usd(upper)} would fit the data`;
  return `${compared(difference ?? 0)}, ${fits}`;
}

const compared = (difference: number): string =>
  `${usd(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} per trade`;

function longer({ trades, days }: NonNullable<Verdict['needed']>): string {
  const more = `about ${counted(trades, 'more trade')}`;
  return days === null
    ? `${more}, and there have been none for two weeks`
    : `about ${counted(days, 'more day')} at the recent pace (${more})`;
}

function undecidable({ expectancy: { difference }, smallest_effect_usd: smallest }: Unsaid): string {
  const least = smallest === null ? '' : `, as only ${usd(smallest)} or more could`;
  return `So far the new settings earn ${compared(difference ?? 0)}: beside so few days of the old ones, that cannot be told from luck${least}.`;
}

function wait({ needed, missing, smallest_effect_usd: smallest }: Unsaid): string {
  if (needed) return `A verdict needs ${longer(needed)}.`;
  if (missing.some(({ arm }) => arm === 'baseline')) return 'Let the old settings run again: that adds to their days.';
  return smallest === null
    ? ''
    : `Beside so few days of the old settings, only ${usd(smallest)} or more can be told from luck.`;
}

function tooEarly({ missing }: Unsaid): string {
  const few = missing.some(({ arm, what }) => arm === 'baseline' && what !== 'snapshot' && what !== 'variance');
  return `Too early to say: ${few ? 'the old settings have too few trades to compare with' : 'keep running'}.`;
}

const arms = { baseline: 'old', candidate: 'new' };
const plurals = {
  snapshot: 'snapshots',
  days: 'days with trades',
  trades: 'trades',
  winning_trades: 'winning trades',
  losing_trades: 'losing trades',
  variance: 'different days',
};

/** @example 'The new settings have 3 of 7 days with trades, 12 of 30 trades.' */
function lacking({ missing }: Unsaid): string {
  return (['baseline', 'candidate'] as const)
    .flatMap((arm) => {
      const lacks = missing.filter((shortfall) => shortfall.arm === arm);
      const name = `${arms[arm]} settings`;
      if (lacks.length === 0) return [];
      if (lacks.some(({ what }) => what === 'snapshot')) return [`There are no ${name} with trades.`];
      if (lacks.some(({ what }) => what === 'variance')) return [`Every day of the ${name} is the same.`];
      return [
        `The ${name} have ${lacks.map(({ what, has, needs }) => `${has} of ${needs} ${plurals[what]}`).join(', ')}.`,
      ];
    })
    .join(' ');
}

function soFar(verdict: Unsaid): string {
  const { difference } = verdict.expectancy;
  return difference === null ? '' : `So far the new settings earn ${compared(difference)}.${mayStop(verdict)}`;
}

/** A loss need not be proved to be stopped. */
const mayStop = ({ expectancy: { difference }, material_usd }: Unsaid): string =>
  difference !== null && difference < -material_usd ? ' You need no verdict to take them back.' : '';
