import type { Verdict } from '../../comparison/verdict/contract.ts';
import { plain } from './plain.ts';

/** How numbers are written for people. Absent is a dash; why it is absent stands in the definitions. */
const ABSENT = '–';

const written = (options: Intl.NumberFormatOptions) => {
  const format = new Intl.NumberFormat('en-US', options);
  return (value: number): string => format.format(value);
};
const orAbsent =
  (write: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? ABSENT : write(value);

const money = { style: 'currency', currency: 'USD', signDisplay: 'negative' } as const;
const [cents, dollars, pieces] = [
  written(money),
  written({ ...money, maximumFractionDigits: 0 }),
  written({ ...money, maximumSignificantDigits: 2 }),
];

/** Whole dollars from a million on, and under half a cent as many places as it takes: nothing that is not 0 is shown as 0.
 *  @example usd(-1234.5) // '-$1,234.50' */
export const usd = orAbsent((value) => {
  const size = Math.abs(value);
  if (size >= 1e6) return dollars(value);
  return size > 0 && size < 0.005 ? pieces(value) : cents(value);
});

const tenths = written({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const oneDigit = orAbsent(tenths);

/** @example percent(13.33) // '13.3 %' */
export const percent = orAbsent((value) => `${tenths(value)} %`);

/** @example points(-2) // '-2.0 points' */
export const points = orAbsent((value) => `${tenths(value)} points`);

export const factor = orAbsent(written({ minimumFractionDigits: 2, maximumFractionDigits: 2 }));

const whole = written({ maximumFractionDigits: 0 });
export const count = orAbsent(whole);

/** @example counted(1, 'trade') // '1 trade' */
export const counted = (n: number, noun: string): string => `${whole(n)} ${noun}${n === 1 ? '' : 's'}`;

/** A time span in the unit that suits it. @example duration(90) // '1.5 min' */
export const duration = orAbsent((seconds) => {
  if (seconds < 60) return `${whole(seconds)} s`;
  if (seconds < 3600) return `${tenths(seconds / 60)} min`;
  return seconds < 172_800 ? `${tenths(seconds / 3600)} h` : `${tenths(seconds / 86_400)} days`;
});

/** What a strategy is called: its notes, or its number. Long names are cut, since a table has to fit a phone. */
export function nameOf(
  { snapshot_id, notes }: { readonly snapshot_id: number; readonly notes: string | null },
  longest = 60,
): string {
  return plain(notes ?? '', longest) || `Snapshot ${snapshot_id}`;
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
      return needed ? 'keep running' : 'not decidable with this baseline';
    case 'not_enough_data':
      return 'too early to say';
  }
}

/** Which two a verdict is about, with what each rests on. */
export function pairOf({ candidate, baseline, days, trades }: Verdict): string | null {
  if (!candidate || !baseline) return null;
  const of = (arm: 'candidate' | 'baseline') => `${counted(trades[arm], 'trade')} on ${counted(days[arm], 'day')}`;
  return `Candidate: ${nameOf(candidate)} (${of('candidate')}). Baseline: ${nameOf(baseline)} (${of('baseline')}).`;
}

const inEnglish = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
  return (day: string): string => format.format(new Date(`${day}T00:00:00Z`));
};

/** @example longDay('2026-11-22') // 'Sunday, 22 November 2026' */
export const longDay = inEnglish({ dateStyle: 'full' });

/** @example shortDay('2026-11-22') // '22 November 2026' */
export const shortDay = inEnglish({ dateStyle: 'long' });

/** An instant, to the minute. @example minuteOf('2026-11-22T08:00:12Z') // '2026-11-22 08:00 UTC' */
export const minuteOf = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
