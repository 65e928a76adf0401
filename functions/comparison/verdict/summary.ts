import { counted, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { Verdict } from './contract.ts';
import { isLosing, isTooLong, nextStepSentence } from './next-step.ts';

type VerdictFigures = Omit<Verdict, 'summary'>;

/** Writes a verdict in plain words; the first sentence says what to do. It suggests and never proves, since a before/after comparison
 *  cannot rule out the market. */
export function summaryOf(verdict: VerdictFigures): string {
  switch (verdict.kind) {
    case 'keep':
      return `Keep the new settings: ${evidenceOf(verdict)} suggests that they earn more. As of now they earn ${standing(verdict)}.`;
    case 'revert':
      return `Revert the change: ${evidenceOf(verdict)} suggests that it earns less. As of now the new settings earn ${standing(verdict)}. ${nextStepSentence(verdict)}`;
    case 'no_material_difference':
      return `No difference that matters: choose for other reasons. It is within ${usd(verdict.material_usd)} per trade; so far the new settings earn ${standing(verdict)}.`;
    case 'keep_running':
      return verdict.needed
        ? `Keep the new settings running: not enough evidence yet. A verdict needs ${longer(verdict.needed)}. So far the new settings earn ${standing(verdict)}.${fasterTest(verdict)}${mayStop(verdict)}`
        : neverWithThisBaseline(verdict);
    case 'not_enough_data':
      return [tooEarly(verdict), missingData(verdict), soFar(verdict), whatToExpect(verdict)].filter(Boolean).join(' ');
  }
}

const evidenceOf = ({ decided_on }: VerdictFigures): string =>
  decided_on === null ? 'the evidence' : `the evidence of ${shortDay(decided_on)}`;

/** @example '$0.21 more per trade (likely range -$0.10 to $0.52)' */
function standing({ expectancy: { difference, lower, upper } }: VerdictFigures): string {
  const range =
    lower === null || upper === null ? ', which could be luck' : ` (likely range ${usd(lower)} to ${usd(upper)})`;
  return `${compared(difference ?? 0)}${range}`;
}

/** An alternating test, where it takes fewer days than waiting. */
function fasterTest({ needed, next_step: { test_days } }: VerdictFigures): string {
  if (test_days === null || needed?.days == null || test_days >= needed.days) return '';
  return ` An alternating test (strategy experiment start) would take about ${counted(test_days, 'day')}.`;
}

const compared = (difference: number): string =>
  `${usd(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} per trade`;

function longer({ trades, days }: NonNullable<Verdict['needed']>): string {
  const more = `about ${counted(trades, 'more trade')}`;
  return days === null
    ? `${more}, but there have been none for two weeks`
    : `about ${counted(days, 'more day')} at the recent pace (${more})`;
}

function neverWithThisBaseline(verdict: VerdictFigures): string {
  const { smallest_effect_usd: smallest, next_step } = verdict;
  const reason = smallest === null ? 'the old settings ran for too few days' : undetectable(smallest);
  return `Not enough evidence, and waiting will not help: ${reason}. So far the new settings earn ${standing(verdict)}. ${nextStepSentence(verdict)}${isTooLong(next_step.test_days) && next_step.kind === 'test' ? '' : mayStop(verdict)}`;
}

const undetectable = (smallest: number): string =>
  `with so few days of the old settings, a difference under ${usd(smallest)} per trade cannot show`;

function whatToExpect(verdict: VerdictFigures): string {
  const { needed, missing, smallest_effect_usd: smallest } = verdict;
  if (needed) return `A verdict needs ${longer(needed)}.`;
  const least =
    smallest === null || missing.some(({ arm }) => arm === 'baseline') ? '' : ` For now, ${undetectable(smallest)}.`;
  return `${nextStepSentence(verdict)}${least}`;
}

function tooEarly({ missing }: VerdictFigures): string {
  const few = missing.some(({ arm, what }) => arm === 'baseline' && what !== 'snapshot' && what !== 'variance');
  return `Too early to say: ${few ? 'the old settings have too few trades to compare with' : 'keep the new settings running'}.`;
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
function missingData({ missing }: VerdictFigures): string {
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

function soFar(verdict: VerdictFigures): string {
  const { difference } = verdict.expectancy;
  return difference === null ? '' : `So far the new settings earn ${compared(difference)}.${mayStop(verdict)}`;
}

/** A reminder for material losses: stopping one needs no statistical evidence. */
const mayStop = (verdict: VerdictFigures): string =>
  isLosing(verdict) ? ' You may go back to the old ones without a verdict.' : '';
