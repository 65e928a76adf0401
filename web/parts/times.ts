import { api } from '../api/client.ts';

/** The time zone of trading days. */
export function useTimeZone(): string {
  const { data } = api.useQuery('get', '/health/database', {}, { staleTime: 60_000, refetchInterval: 60_000 });
  return data?.time_zone ?? 'UTC';
}

/** @example minuteOf('2026-11-22T08:00:12Z', 'UTC') // '22 Nov 2026, 08:00' */
export const minuteOf = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));

/** @example secondOf('2026-11-22T08:00:12Z', 'UTC') // '22/11/2026, 08:00:12' */
export const secondOf = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

/** The trading day of an instant. @example dayOf('2026-11-22T23:30:00Z', 'Europe/Berlin') // '2026-11-23' */
export const dayOf = (instant: string | number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(new Date(instant));

/** How long ago an instant is, in a word or two. */
export function ago(instant: string, now: number = Date.now()): string {
  const seconds = Math.round((now - Date.parse(instant)) / 1000);
  if (seconds < 90) return 'just now';
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}
