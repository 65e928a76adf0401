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
      return `Too early to say. ${lacking(verdict)} ${longer(verdict)}`.trim();
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
    return `Keep running: about ${counted(needed.trades, 'more trade')}, ${days}.`;
  }
  if (missing.some(({ arm }) => arm === 'baseline'))
    return 'Letting the baseline’s configuration run again adds to its days.';
  if (missing.length > 0 || smallest_effect_usd === null) return 'Keep running.';
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

function lacking({ missing }: Pick<Verdict, 'missing'>): string {
  const parts = missing.map(({ arm, what, has, needs }) => {
    if (what === 'snapshot') return `there is no ${arm} with trades`;
    if (what === 'variance') return `every day of the ${arm} is the same`;
    return `the ${arm} has ${has} of ${needs} ${plurals[what]}`;
  });
  const text = parts.join(', ');
  return text ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : '';
}
