import { useMemo } from 'react';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { useTimeZone } from '../../parts/times.ts';

/** The instants [from, to) of a trading day; none without a day. */
export function useDayRange(day: string | undefined): { from?: string; to?: string } {
  const timeZone = useTimeZone();
  return useMemo(
    () => (day ? { from: startOf(day, timeZone), to: startOf(dayAfter(day), timeZone) } : {}),
    [day, timeZone],
  );
}

/** The first instant of a day in a time zone. Where the clock changes at midnight, the offset at noon differs from that at the start: it
 *  is corrected once. */
export function startOf(day: string, timeZone: string): string {
  const guess = Date.parse(`${day}T00:00:00Z`);
  const once = guess - offsetAt(guess, timeZone);
  return new Date(guess - offsetAt(once, timeZone)).toISOString();
}

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant);
  return Date.parse(`${parts.replace(' ', 'T')}Z`) - instant;
}
