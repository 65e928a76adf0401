import { lazily } from '../../lazily.ts';
import { daysBetween } from '../../summaries/days.ts';

const named = (options: Intl.DateTimeFormatOptions) =>
  lazily(() => new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }));
const [months, weekdays] = [named({ month: 'short' }), named({ weekday: 'short' })];

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** @example dayAndMonth('2026-11-22') // '22 Nov' */
export const dayAndMonth = (day: string): string => `${Number(day.slice(8))} ${months().format(midnight(day))}`;

/** @example weekday('2026-11-22') // 'Sun' */
export const weekday = (day: string): string => weekdays().format(midnight(day));

/** How to write the days of a period: with the year when the period is too long to be unambiguous without it. */
export function dayFormats(from: string, to: string): { readonly exact: DayFormat; readonly onAxis: DayFormat } {
  if (daysBetween(from, to) < 330) return { exact: dayAndMonth, onAxis: dayAndMonth };
  return {
    exact: (day) => `${dayAndMonth(day)} ${day.slice(0, 4)}`,
    onAxis: (day) => `${months().format(midnight(day))} ${day.slice(0, 4)}`,
  };
}
type DayFormat = (day: string) => string;
