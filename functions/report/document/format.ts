import type { Verdict } from '../../comparison/verdict/contract.ts';
import { counted, shortId } from '../../formatting.ts';
import { plain } from './plain.ts';

/** What a strategy is called: its notes, or its number. Long names are cut, since a table has to fit a phone. */
export function nameOf(
  { snapshot_id, notes }: { readonly snapshot_id: string; readonly notes: string | null },
  longest = 60,
): string {
  return plain(notes ?? '', longest) || `Snapshot ${shortId(snapshot_id)}`;
}

/** What to do, in a few words. */
export function actionOf({ kind, needed }: Verdict): string {
  switch (kind) {
    case 'keep':
      return 'keep the change';
    case 'revert':
      return 'take the change back';
    case 'no_material_difference':
      return 'no difference that matters';
    case 'keep_running':
      if (!needed) return 'keep running, no verdict in sight';
      return needed.days === null ? 'keep running' : `keep running, about ${counted(needed.days, 'more day')}`;
    case 'not_enough_data':
      return 'too early to say';
  }
}

/** Which two a verdict is about, with what each rests on; none when nothing stands beside the candidate. */
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

/** An instant, to the minute, on a clock that is named. @example minuteIn('UTC', '2026-11-22T08:00:12Z') // '22 November 2026, 08:00 (UTC)' */
export function minuteIn(timeZone: string, instant: string): string {
  const [day, minute] = [{ dateStyle: 'long' } as const, { hour: '2-digit', minute: '2-digit' } as const].map(
    (options) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(new Date(instant)),
  );
  return `${day}, ${minute} (${timeZone})`;
}
