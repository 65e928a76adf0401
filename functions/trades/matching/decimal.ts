/** Exact fixed-point decimals as `bigint`: a value times 10 to the power of a number of decimal places that the caller chooses. */

/** Counts the decimal places of a plain decimal. @example decimalsOf('12.50') // 2 */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** Parses a plain decimal with at most this number of decimal places. @example scaled('-1.5', 3) // -1500n */
export function scaled(text: string, decimals: number): bigint {
  const point = text.indexOf('.');
  return point < 0
    ? BigInt(text) * 10n ** BigInt(decimals)
    : BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(decimals, '0'));
}

/** Formats as a plain decimal without trailing zeros. @example decimalText(-1500n, 3) // '-1.5' */
export function decimalText(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  let end = digits.length;
  while (end > whole.length && digits[end - 1] === '0') end -= 1;
  const text = end > whole.length ? `${whole}.${digits.slice(whole.length, end)}` : whole;
  return value < 0n ? `-${text}` : text;
}

/** Divides by a positive divisor and rounds half away from zero, as PostgreSQL does. */
export function divided(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return (dividend + (dividend < 0n ? -half : half)) / divisor;
}
