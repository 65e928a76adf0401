import { lazily } from './lazily.ts';

/** The format of absent values. All numbers for people are formatted in this file: in verdicts, tables and charts. */
const ABSENT = '–';

const formatter = (options: Intl.NumberFormatOptions) => {
  const format = lazily(() => new Intl.NumberFormat('en-US', options));
  return (value: number): string => format().format(value);
};
const orAbsent =
  (write: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? ABSENT : write(value);

const money = { style: 'currency', currency: 'USD', signDisplay: 'negative' } as const;
const [cents, dollars, millions, fractions, scientific] = [
  formatter(money),
  formatter({ ...money, maximumFractionDigits: 0 }),
  formatter({ ...money, notation: 'compact', maximumSignificantDigits: 4 }),
  formatter({ ...money, maximumSignificantDigits: 2 }),
  formatter({ ...money, maximumSignificantDigits: 2, notation: 'scientific' }),
];

/** Smallest stored P&L, in USD: it has 12 decimals. Anything smaller is a rounding error of a sum. */
const LEAST = 1e-12;

/** Formats USD in at most ten characters, which fit one line on a phone. A value other than 0 is never shown as 0.
 *  @example [-1234.5, 12345.6, 1234567, 0.002, 1e-8].map(usd) // ['-$1,234.50', '$12,346', '$1.235M', '$0.002', '$1E-8'] */
export const usd = orAbsent((value) => {
  const size = Math.abs(value);
  if (size >= 999_999.5) return millions(value);
  if (size >= 9_999.995) return dollars(value);
  if (size >= 0.01 || size < LEAST) return cents(value);
  return size < 0.0001 ? scientific(value) : fractions(value);
});

/** Formats a price with up to eight significant digits, since a difference of a thousandth may be the whole profit.
 *  @example [97000, 0.495165, 0.0000081234].map(price) // ['$97,000', '$0.495165', '$0.0000081234'] */
export const price = formatter({ ...money, minimumFractionDigits: 0, maximumSignificantDigits: 8 });

/** Formats USD with all digits, for amounts that users set. @example exactUsd(0.125) // '$0.125' */
export const exactUsd = formatter({ ...money, maximumFractionDigits: 12 });

const digits = (n: number) => formatter({ minimumFractionDigits: n, maximumFractionDigits: n });
const [tenths, hundredths] = [digits(1), digits(2)];

/** @example percent(13.33) // '13.3 %' */
export const percent = orAbsent((value) => `${tenths(value)} %`);

/** @example points(-2) // '-2.0 points' */
export const points = orAbsent((value) => `${tenths(value)} points`);

export const factor = orAbsent(hundredths);

/** @example wholePercent(0.25) // '25 %' */
export const wholePercent = (share: number): string => `${whole(share * 100)} %`;

/** Shortens a snapshot id to its first eight characters, which the terminal accepts too.
 *  @example shortId('0f8fad5b-d9cb-469f-a165-70867728950e') // '0f8fad5b' */
export const shortId = (snapshotId: string): string => snapshotId.slice(0, 8);

const whole = formatter({ maximumFractionDigits: 0 });
export const count = orAbsent(whole);

/** @example counted(1, 'trade') // '1 trade' */
export const counted = (n: number, noun: string): string => `${whole(n)} ${noun}${n === 1 ? '' : 's'}`;

/** Formats a time span in a suitable unit. @example duration(90) // '1.5 min' */
export const duration = orAbsent((seconds) => {
  if (seconds < 60) return `${whole(seconds)} s`;
  if (seconds < 3600) return `${tenths(seconds / 60)} min`;
  return seconds < 172_800 ? `${tenths(seconds / 3600)} h` : `${tenths(seconds / 86_400)} days`;
});

/** Formats a number with enough digits to show on which side of a limit it lies: 24.97 must not be rounded to the limit 25.0.
 *  @example distinguishedFrom(25, 24.97, percent) // '24.97 %' */
export function distinguishedFrom(
  limit: number,
  value: number | null,
  format: (value: number | null) => string,
): string {
  const text = format(value);
  if (value === null || value === limit || text !== format(limit)) return text;
  const figure = /\d[\d,.]*/;
  let places = 1;
  while (places < 15 && value.toFixed(places) === limit.toFixed(places)) places += 1;
  return text.replace(figure, digits(places)(Math.abs(value)));
}
