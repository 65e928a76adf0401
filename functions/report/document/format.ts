import type { Verdict } from '../../comparison/verdict/contract.ts';
import { isTooLong } from '../../comparison/verdict/next-step.ts';
import type { Experiment } from '../../experiments/contract.ts';
import type { ExperimentVerdict } from '../../experiments/verdict/contract.ts';
import { counted, shortId } from '../../formatting.ts';
import { plain } from './plain.ts';

/** The name of a strategy: its notes, or else its snapshot id. Long names are cut so that tables fit a phone. */
export function nameOf(
  { snapshot_id, notes }: { readonly snapshot_id: string; readonly notes: string | null },
  longest = 60,
): string {
  return plain(notes ?? '', longest) || `Snapshot ${shortId(snapshot_id)}`;
}

/** What to do, in a few words, for subject lines and tables. */
export function actionOf({ kind, needed, next_step }: Verdict): string {
  switch (kind) {
    case 'keep':
      return 'keep the change';
    case 'revert':
      return 'revert the change';
    case 'no_material_difference':
      return 'no difference that matters';
    case 'keep_running':
      if (!needed)
        return next_step.kind === 'test'
          ? isTooLong(next_step.test_days)
            ? 'test a larger change'
            : 'start an alternating test'
          : 'run the old settings again, or an alternating test';
      return needed.days === null ? 'keep running' : `keep running, about ${counted(needed.days, 'more day')}`;
    case 'not_enough_data':
      return 'too early to say';
  }
}

/** The same for a randomised test. */
export function actionOfTest({ kind, needed }: ExperimentVerdict, status: Experiment['status']): string {
  switch (kind) {
    case 'keep':
      return 'keep the new settings';
    case 'revert':
      return 'keep the old settings';
    case 'no_material_difference':
      return 'no difference that matters';
    case 'keep_running':
    case 'not_enough_data':
      if (status === 'ended' || status === 'stopped') return 'test ended without a decision';
      return `test ${status}${needed?.days == null ? '' : `, about ${counted(needed.days, 'more day')}`}`;
  }
}

/** The two arms of a verdict, each with its number of trades and days; empty without a baseline. */
export function armsOf({ candidate, baseline, days, trades }: Verdict): string[] {
  if (!candidate || !baseline) return [];
  const of = (arm: 'candidate' | 'baseline', { snapshot_ids, ...snapshot }: typeof candidate) => {
    const name = nameOf(snapshot);
    const pooled = snapshot_ids.length > 1 ? `${name} (${counted(snapshot_ids.length, 'period')})` : name;
    return `${pooled}; ${counted(trades[arm], 'trade')} on ${counted(days[arm], 'day')} with trades`;
  };
  return [
    `Candidate, the new settings: ${of('candidate', candidate)}.`,
    `Baseline, the old settings: ${of('baseline', baseline)}.`,
  ];
}

/** Formats an instant to the minute, with its time zone. @example minuteIn('UTC', '2026-11-22T08:00:12Z') // '22 November 2026, 08:00 (UTC)' */
export function minuteIn(timeZone: string, instant: string): string {
  const [day, minute] = [{ dateStyle: 'long' } as const, { hour: '2-digit', minute: '2-digit' } as const].map(
    (options) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(new Date(instant)),
  );
  return `${day}, ${minute} (${timeZone})`;
}

/** Splits a summary after its first sentence, which says what to do. */
export function firstSentence(summary: string): { text: string; more: string } {
  const [text = '', ...more] = summary.split(/(?<=\.) (?=\p{Lu})/u);
  return { text, more: more.join(' ') };
}
