import { lazily } from '../lazily.ts';

const DAY_MS = 86_400_000;

/** Adds days to a calendar day. @example dayAfter('2024-02-28') // '2024-02-29' */
export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The number of days in a range, both ends included. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;

const dayFormat = (options: Intl.DateTimeFormatOptions) => {
  const format = lazily(() => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }));
  return (day: string): string => format().format(new Date(`${day}T00:00:00Z`));
};

/** @example longDay('2026-11-22') // 'Sunday, 22 November 2026' */
export const longDay = dayFormat({ dateStyle: 'full' });

/** @example shortDay('2026-11-22') // '22 November 2026' */
export const shortDay = dayFormat({ dateStyle: 'long' });
