import { lazily } from '../../lazily.ts';
import { dayAfter } from '../../summaries/days.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Lengths of a block: equal local parts of a day, or whole days. */
export const lengths = ['4h', '6h', '12h', '1d', '2d', '4d', '7d'] as const;
export type Length = (typeof lengths)[number];

/** A length in days. @example daysOf('6h') // 0.25 */
export const daysOf = (length: Length): number =>
  length.endsWith('h') ? Number(length.slice(0, -1)) / 24 : Number(length.slice(0, -1));

/** A time on the clock of the trading zone at which a block can start. */
export interface Border {
  /** Calendar day. */
  readonly date: string;
  /** Hour of the local clock. */
  readonly hour: number;
}

/** The border after this one. */
export function nextBorder({ date, hour }: Border, length: Length): Border {
  const days = daysOf(length);
  if (days >= 1) return { date: dayAfter(date, days), hour };
  const next = hour + days * 24;
  return next < 24 ? { date, hour: next } : { date: dayAfter(date), hour: 0 };
}

/** The first border at or after an instant, in milliseconds since the epoch. Blocks of days start at midnight. */
export function firstBorder(zone: string, at: number, length: Length): Border {
  const part: Length = daysOf(length) < 1 ? length : '1d';
  let border: Border = { date: dayAfter(localDate(zone, at), -1), hour: 0 };
  while (instantOf(zone, border) < at) border = nextBorder(border, part);
  return border;
}

/** The instant of a border: the first at which the local clock shows it, or has skipped it. In milliseconds since the epoch. */
export function instantOf(zone: string, { date, hour }: Border): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS;
  // The offsets before and after any change of the clock near the border.
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((at) => wall - offsetOf(zone, at)) as [number, number];
  const shown = [before, after].filter((at) => at + offsetOf(zone, at) === wall).sort((a, b) => a - b)[0];
  return shown ?? changeOfClock(zone, Math.min(before, after), Math.max(before, after));
}

/** The calendar day of an instant, in milliseconds since the epoch. */
export const localDate = (zone: string, at: number): string =>
  new Date(at + offsetOf(zone, at)).toISOString().slice(0, 10);

/** The instant in (from, to] at which the clock is changed. */
function changeOfClock(zone: string, from: number, to: number): number {
  const old = offsetOf(zone, from);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetOf(zone, middle) === old) before = middle;
    else after = middle;
  }
  return after;
}

const formats = new Map<string, () => Intl.DateTimeFormat>();

/** What the local clock is ahead of UTC, in milliseconds. */
function offsetOf(zone: string, at: number): number {
  const format =
    formats.get(zone) ??
    lazily(
      () =>
        new Intl.DateTimeFormat('en-US', {
          timeZone: zone,
          ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
          ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' },
        }),
    );
  formats.set(zone, format);
  const parts = Object.fromEntries(
    format()
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
