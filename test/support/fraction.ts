/** An exact rational number without rounding; the denominator is above 0. Slow. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Fraction = { n: 0n, d: 1n };

/** @example fraction('-1.50') // -3/2; '4.99e-06' is accepted too */
export function fraction(text: string): Fraction {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new TypeError(`${text} is not a decimal`);
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(sign + whole + decimals);
  return shift >= 0 ? reduced(digits * 10n ** BigInt(shift), 1n) : reduced(digits, 10n ** BigInt(-shift));
}

export const plus = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.n, a.d * b.d);
export const over = (a: Fraction, b: Fraction): Fraction =>
  b.n < 0n ? reduced(-a.n * b.d, a.d * -b.n) : reduced(a.n * b.d, a.d * b.n);
export const sum = (all: readonly Fraction[]): Fraction => all.reduce(plus, ZERO);
export const least = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b);

/** Compares two fractions, for sorting. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The nearest double, computed to about 30 digits before rounding. */
export function toNumber({ n, d }: Fraction): number {
  return Number(`${(n * 10n ** 30n) / d}e-30`);
}

/** Decimal text with at most `decimals` decimals, rounded half away from zero as in PostgreSQL. */
export function toText({ n, d }: Fraction, decimals: number): string {
  const scaled = 2n * (n < 0n ? -n : n) * 10n ** BigInt(decimals) + d;
  const digits = (scaled / (2n * d)).toString().padStart(decimals + 1, '0');
  const text =
    decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
  return n < 0n && text !== '0' ? `-${text}` : text;
}

/** Whether a fraction has an exact decimal form with at most `decimals` decimals. */
export const endsWithin = ({ n, d }: Fraction, decimals: number): boolean => (n * 10n ** BigInt(decimals)) % d === 0n;

function reduced(n: bigint, d: bigint): Fraction {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b > 0n) [a, b] = [b, a % b];
  return a <= 1n ? { n, d } : { n: n / a, d: d / a };
}
