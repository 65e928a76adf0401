import type { Verdict } from '../comparison/verdict/contract.ts';

/** How numbers are written for people. Absent is a dash; why it is absent stands in the definitions. */
const ABSENT = '–';

const written = (options: Intl.NumberFormatOptions) => {
  const format = new Intl.NumberFormat('en-US', options);
  return (value: number | null): string => (value === null ? ABSENT : format.format(value));
};

/** @example usd(-1234.5) // '-$1,234.50' */
export const usd = written({ style: 'currency', currency: 'USD', signDisplay: 'negative' });

/** @example percent(13.33) // '13.3 %' */
export const percent = (value: number | null): string => (value === null ? ABSENT : `${oneDigit(value)} %`);
const oneDigit = written({ minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const factor = written({ minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = written({ maximumFractionDigits: 0 });

/** @example counted(1, 'trade') // '1 trade' */
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** What a strategy is called: its notes, or its number. Long names are cut, since a table has to fit a phone. */
export function nameOf(
  { snapshot_id, notes }: { readonly snapshot_id: number; readonly notes: string | null },
  longest = 60,
): string {
  const name = notes?.replace(/\s+/g, ' ').trim() || `Snapshot ${snapshot_id}`;
  const letters = [...name];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : name;
}

/** Which two a verdict is about, with what each rests on. */
export function pairOf({ candidate, baseline, days, trades }: Verdict): string | null {
  if (!candidate || !baseline) return null;
  const of = (arm: 'candidate' | 'baseline') => `${counted(trades[arm], 'trade')} on ${counted(days[arm], 'day')}`;
  return `Candidate: ${nameOf(candidate)} (${of('candidate')}). Baseline: ${nameOf(baseline)} (${of('baseline')}).`;
}

/** @example longDay('2026-11-22') // 'Sunday, 22 November 2026' */
export const longDay = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
