import { MOST_DIGITS } from '../../functions/contract/fields.ts';

/** Digits after the point, as many as the service stores. Decimals are integers in units of the last one. */
const PLACES = MOST_DIGITS.after;
const ONE = 10n ** BigInt(PLACES);

/** Most characters of a decimal: doubles of other tools have fewer. A longer one takes a time that grows with the square of its digits. */
const LONGEST = 400;

/** A decimal as an integer in units of 1e-40; null if the text is not a decimal, or longer than any that is one. @example scaled('1.5') // 15n * 10n ** 39n */
export function scaled(text: string | null): bigint | null {
  if (text !== null && text.length > LONGEST) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text ?? '') ?? [];
  if (whole === '') return null;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const shift = PLACES + Number(exponent) - fraction.length;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : rounded(digits, 10n ** BigInt(-shift));
}

/** The size of an amount of money as statements write it, without its sign, its currency and its separators of thousands.
 *  @example magnitude('-$24,741.93') // '24741.93' */
export function magnitude(text: string | null): string | null {
  const digits = text?.replaceAll(/[^\d.eE-]|(?<![eE])-/g, '').replaceAll(/^[eE]+|[eE]+$/g, '') ?? '';
  const value = scaled(digits);
  return value === null ? null : plain(value);
}

/** @example plain(15n * 10n ** 39n) // '1.5' */
export function plain(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, '0');
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
}

/** Multiplies and rounds to 40 places; null when a factor is not a decimal. A single factor is only rounded. */
export function product(...factors: readonly (string | null)[]): string | null {
  const numbers = factors.map(scaled).filter((number) => number !== null);
  if (numbers.length < factors.length) return null;
  const exact = numbers.reduce((a, b) => a * b, 1n);
  return plain(rounded(exact, ONE ** BigInt(numbers.length - 1)));
}

/** null when the first is not a decimal; a second that is not counts as 0. */
export function difference(minuend: string | null, subtrahend: string | null): string | null {
  const value = scaled(minuend);
  return value === null ? null : plain(value - (scaled(subtrahend) ?? 0n));
}

/** null when one of them is not a decimal, or the divisor is 0. */
export function quotient(dividend: string | null, divisor: string | null): string | null {
  const [above, below] = [scaled(dividend), scaled(divisor)];
  return above === null || !below ? null : plain(rounded(above * ONE, below));
}

/** Text that is not a decimal counts as 0. */
export const sum = (...terms: readonly string[]): string =>
  plain(terms.reduce((total, term) => total + (scaled(term) ?? 0n), 0n));

/** Rounds half away from zero, as PostgreSQL does. */
function rounded(above: bigint, below: bigint): bigint {
  if (below < 0n) return rounded(-above, -below);
  return above < 0n ? -rounded(-above, below) : (2n * above + below) / (2n * below);
}
