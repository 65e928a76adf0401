import type { Verdict } from './contract.ts';
import { counted, usd } from './words.ts';

/** The verdict in plain words, for somebody who has to act on it. It suggests, and never proves: one setting ran after the other. */
export function summaryOf(verdict: Omit<Verdict, 'summary'>): string {
  const { expectancy, decided_on, material_usd } = verdict;
  const earns = `${usd(Math.abs(expectancy.difference ?? 0))} ${(expectancy.difference ?? 0) < 0 ? 'less' : 'more'} per trade`;
  switch (verdict.kind) {
    case 'keep':
      return `Keep the new settings: the evidence of ${decided_on} suggests that they earn more. Today they stand at ${earns}${bounded(verdict)}.`;
    case 'revert':
      return `Take the change back: the evidence of ${decided_on} suggests that it earns less. Today it stands at ${earns}${bounded(verdict)}.`;
    case 'no_material_difference':
      return `No difference that matters: within ${usd(material_usd)} per trade${bounded(verdict)}. Choose by other reasons.`;
    case 'keep_running':
      return `Not enough evidence yet: the new settings stand at ${earns}${bounded(verdict)}. ${longer(verdict)}`;
    case 'not_enough_data':
      return ['Too early to say.', lacking(verdict), soFar(verdict), longer(verdict)].filter(Boolean).join(' ');
  }
}

function bounded({ expectancy: { lower, upper } }: Pick<Verdict, 'expectancy'>): string {
  return lower === null || upper === null
    ? ' (so few days set it no bound yet)'
    : ` (anything from ${usd(lower)} to ${usd(upper)} is compatible with the data)`;
}

function longer({ needed, smallest_effect_usd, expectancy, missing }: Omit<Verdict, 'summary'>): string {
  if (needed) {
    const days =
      needed.days === null
        ? 'but it has not traded for two weeks'
        : `about ${counted(needed.days, 'day')} at the recent pace`;
    return `A verdict needs about ${counted(needed.trades, 'more trade')}, ${days}.`;
  }
  if (missing.some(({ arm }) => arm === 'baseline'))
    return 'Letting the baseline’s configuration run again adds to its days.';
  if (missing.length > 0 || smallest_effect_usd === null) return '';
  return `With this baseline a difference of ${usd(Math.abs(expectancy.difference ?? 0))} is never decided: the smallest that can be is ${usd(smallest_effect_usd)}. Letting the baseline’s configuration run again adds to its days.`;
}

const plurals = {
  snapshot: 'snapshots',
  days: 'days with trades',
  trades: 'trades',
  winning_trades: 'winning trades',
  losing_trades: 'losing trades',
  variance: 'different days',
};

/** @example 'The candidate has 3 of 7 days with trades, 12 of 30 trades.' */
function lacking({ missing }: Pick<Verdict, 'missing'>): string {
  return (['baseline', 'candidate'] as const)
    .flatMap((name) => {
      const lacks = missing.filter(({ arm }) => arm === name);
      if (lacks.length === 0) return [];
      if (lacks.some(({ what }) => what === 'snapshot')) return [`There is no ${name} with trades.`];
      if (lacks.some(({ what }) => what === 'variance')) return [`Every day of the ${name} is the same.`];
      return [
        `The ${name} has ${lacks.map(({ what, has, needs }) => `${has} of ${needs} ${plurals[what]}`).join(', ')}.`,
      ];
    })
    .join(' ');
}

/** A loss need not be proved to be stopped. */
function soFar({ expectancy: { difference }, material_usd }: Omit<Verdict, 'summary'>): string {
  if (difference === null) return '';
  const stands = `So far the candidate stands at ${usd(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} per trade.`;
  return difference < -material_usd ? `${stands} You need no verdict to take it back.` : stands;
}
