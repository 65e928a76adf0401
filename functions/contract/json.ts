/** A number in JSON text that a double does not hold exactly, such as 0.12345678901234567890. It stays what was written. */
export class InexactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** Where a number begins that a double may not hold: of 16 characters or more, or with an exponent. Most texts have none. */
const MAY_BE_INEXACT = /(?:^|[[:,])\s*-?(?:[\d.]{16}|[\d.]+[eE])/;

/** JSON text to values. Numbers that a double would change become `InexactNumber`.
 *  @throws SyntaxError when the text is not JSON, RangeError when it is nested too deeply to be read */
export function parseJson(text: string): unknown {
  if (!MAY_BE_INEXACT.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && !holds(value, context.source)
      ? new InexactNumber(context.source)
      : value,
  );
}

/** Whether the shortest text of a double means the same decimal as the source text. */
function holds(value: number, source: string): boolean {
  return Number.isFinite(value) && significant(String(value)) === significant(source);
}

/** A decimal as digits and exponent, without the zeros that mean nothing. @example significant('-1.50e2') // '-15e1' */
function significant(decimal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === ''
    ? '0'
    : `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
