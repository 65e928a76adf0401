import { duplicateKeyIn } from './duplicate-keys.ts';

/** A number in JSON text that a double cannot represent exactly, such as 0.12345678901234567890. It keeps its source text. */
export class InexactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  /** The number in a message, cut to a readable length. */
  get shown(): string {
    return this.source.length > MOST_SHOWN ? `${this.source.slice(0, MOST_SHOWN)}…` : this.source;
  }
}

/** Most characters of a number in a message. */
const MOST_SHOWN = 60;

/** Matches numbers that may be inexact: of 16 characters or more, or with an exponent. Most texts have none, which allows a fast path. */
const MAY_BE_INEXACT = /(?:^|[[:,])\s*-?(?:[\d.]{16}|[\d.]+[eE])/;

/** An object has a name twice: which value is meant is unknown. */
export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey';
  /** The JSON Pointer to it. */
  readonly path: string;
  constructor(path: string) {
    super(`${path} is given twice`);
    this.path = path;
  }
}

/** Parses JSON. Numbers that a double cannot represent exactly become `InexactNumber`.
 *  @throws SyntaxError when the text is not JSON, RangeError when it is nested too deeply to be read, DuplicateKey */
export function parseJson(text: string): unknown {
  const parsed = parsedJson(text);
  const path = duplicateKeyIn(text);
  if (path !== null) throw new DuplicateKey(path);
  return parsed;
}

function parsedJson(text: string): unknown {
  if (!MAY_BE_INEXACT.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && !isExact(value, context.source)
      ? new InexactNumber(context.source)
      : value,
  );
}

/** Most characters of a number that is compared with its double. A longer one is taken for inexact, since comparing it would take time that
 *  grows faster than its length. */
const LONGEST_NUMBER = 400;

/** Whether the shortest text of a double is the same decimal as the source text. */
function isExact(value: number, source: string): boolean {
  return (
    source.length <= LONGEST_NUMBER && Number.isFinite(value) && significant(String(value)) === significant(source)
  );
}

/** Normalizes a decimal to digits and exponent, without insignificant zeros. @example significant('-1.50e2') // '-15e1' */
function significant(decimal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === ''
    ? '0'
    : `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
