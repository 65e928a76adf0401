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

/** How days of a period are written: with their year where it could be meant to be another. */
export function daysWithin(from: string, to: string): { readonly exact: Written; readonly onAxis: Written } {
  if (daysBetween(from, to) < 330) return { exact: dayAndMonth, onAxis: dayAndMonth };
  return {
    exact: (day) => `${dayAndMonth(day)} ${day.slice(0, 4)}`,
    onAxis: (day) => `${months().format(midnight(day))} ${day.slice(0, 4)}`,
  };
}
type Written = (day: string) => string;
