import { lazily } from './lazily.ts';

/** How numbers are written for people, everywhere: in verdicts, tables and charts. Absent is a dash; why it is absent stands in
 *  the definitions. */
const ABSENT = '–';

const written = (options: Intl.NumberFormatOptions) => {
  const format = lazily(() => new Intl.NumberFormat('en-US', options));
  return (value: number): string => format().format(value);
};
const orAbsent =
  (write: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? ABSENT : write(value);

const money = { style: 'currency', currency: 'USD', signDisplay: 'negative' } as const;
const [cents, dollars, millions, pieces, specks] = [
  written(money),
  written({ ...money, maximumFractionDigits: 0 }),
  written({ ...money, notation: 'compact', maximumSignificantDigits: 4 }),
  written({ ...money, maximumSignificantDigits: 2 }),
  written({ ...money, maximumSignificantDigits: 2, notation: 'scientific' }),
];

/** P&L is stored to 12 places: what is less is left over from adding up. */
const LEAST = 1e-12;

/** At most ten letters, so that it stands on one line on a phone; nothing that is not 0 is shown as 0.
 *  @example [-1234.5, 12345.6, 1234567, 0.002, 1e-8].map(usd) // ['-$1,234.50', '$12,346', '$1.235M', '$0.002', '$1E-8'] */
export const usd = orAbsent((value) => {
  const size = Math.abs(value);
  if (size >= 999_999.5) return millions(value);
  if (size >= 9_999.995) return dollars(value);
  if (size >= 0.01 || size < LEAST) return cents(value);
  return size < 0.0001 ? specks(value) : pieces(value);
});

/** An amount that somebody has set, in all its digits. @example exactUsd(0.125) // '$0.125' */
export const exactUsd = written({ ...money, maximumFractionDigits: 12 });

const digits = (n: number) => written({ minimumFractionDigits: n, maximumFractionDigits: n });
const [tenths, hundredths] = [digits(1), digits(2)];

/** @example percent(13.33) // '13.3 %' */
export const percent = orAbsent((value) => `${tenths(value)} %`);

/** @example points(-2) // '-2.0 points' */
export const points = orAbsent((value) => `${tenths(value)} points`);

export const factor = orAbsent(hundredths);

/** @example wholePercent(0.25) // '25 %' */
export const wholePercent = (share: number): string => `${whole(share * 100)} %`;

/** A snapshot's id for people: its first eight characters, which the terminal takes as well.
 *  @example shortId('0f8fad5b-d9cb-469f-a165-70867728950e') // '0f8fad5b' */
export const shortId = (snapshotId: string): string => snapshotId.slice(0, 8);

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

/** A number in as few digits as show on which side of a limit it lies: 24.97 is not 25.0, which would be neither less nor more.
 *  @example beside(25, 24.97, percent) // '24.97 %' */
export function beside(limit: number, value: number | null, write: (value: number | null) => string): string {
  const said = write(value);
  if (value === null || value === limit || said !== write(limit)) return said;
  const figure = /\d[\d,.]*/;
  let places = 1;
  while (places < 15 && value.toFixed(places) === limit.toFixed(places)) places += 1;
  return said.replace(figure, digits(places)(Math.abs(value)));
}
