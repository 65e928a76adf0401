import * as z from 'zod';
import { InexactNumber } from './json.ts';
import { pointerToken } from './pointer.ts';
import { redacted, redactedText } from './secrets.ts';

/** The message for a missing field, whatever its type. */
z.config({
  customError: ({ code, input }) => (code === 'invalid_type' && input === undefined ? 'is required' : undefined),
});

/** Overrides the JSON Schema of a field in the OpenAPI document. */
const documentedAs = (shape: object) => ({
  override: ({ jsonSchema }: { jsonSchema: object }) => {
    for (const key of ['anyOf', 'pattern']) Reflect.deleteProperty(jsonSchema, key);
    Object.assign(jsonSchema, shape);
  },
});

/** Text that PostgreSQL and JSON can both store: without U+0000 and lone surrogates. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes('\u0000'), 'must not contain U+0000')
    .refine((value) => value.isWellFormed(), 'must not contain a lone surrogate');

/** Text for people to read, in which secrets are replaced by `[redacted]`. */
export const freeText = (longest: number) => text(longest).transform(redactedText);

/** An identifier from outside, stored unchanged. */
export const identifier = text(200).min(1);

export const botId = text(64)
  .min(1, 'must not be empty')
  .default('default')
  .meta({ description: 'The bot; `default` when omitted', example: 'default' });

/** Prefix of the ids of test bots, which are left out of mails and alarms. */
export const TEST_BOTS = 'smoke-';

export const snapshotId = z
  .guid('must be a snapshot id such as 0f8fad5b-d9cb-469f-a165-70867728950e')
  .toLowerCase()
  .meta({ description: 'A snapshot id', example: '0f8fad5b-d9cb-469f-a165-70867728950e' });

/** A whole number in a query, where all values are text. @example wholeNumber({ from: 1, to: 500 }) */
export function wholeNumber({ from, to, of: unit = '' }: { from: number; to: number; of?: string }) {
  const message = `must be a whole number${unit && ` of ${unit}`} from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .pipe(z.int().min(from, message).max(to, message))
    .meta(documentedAs({ type: 'integer', minimum: from, maximum: to }));
}

/** Most digits before and after the decimal point, when written without an exponent. */
export const MOST_DIGITS = { before: 20, after: 40 };

const plainDecimal = z
  .string()
  .max(100)
  .transform((text, context) => {
    const plain = withoutExponent(text);
    if (plain !== null) return plain;
    context.addIssue({
      code: 'custom',
      message: `must be a decimal such as "12.50" or "4.99e-06", with at most ${MOST_DIGITS.before} digits before the point and ${MOST_DIGITS.after} after it`,
    });
    return z.NEVER;
  });

/** An exact decimal: text, or a JSON number that a double represents exactly. Parsed to text without an exponent. */
export const decimal = z
  .union([z.string(), z.number(), z.instanceof(InexactNumber)], { error: 'must be a decimal, as a string or a number' })
  .transform((value, context) => {
    if (!(value instanceof InexactNumber)) return String(value);
    context.addIssue({ code: 'custom', message: `${value.shown} is not exact as a JSON number: send it as a string` });
    return z.NEVER;
  })
  .pipe(plainDecimal)
  .meta({
    ...documentedAs({ type: ['string', 'number'] }),
    description: 'An exact decimal: a string, or a number that a double represents exactly',
    example: '0.0832',
  });

export const positiveDecimal = decimal.refine((value) => !/^-|^0*\.?0*$/.test(value), 'must be greater than 0');

/** Writes a decimal without an exponent; null when it is malformed or too long. @example withoutExponent('4.99e-06') // '0.00000499' */
function withoutExponent(text: string): string | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text) ?? [];
  if (whole === '') return null;
  const shift = Number(exponent);
  // An exponent writes a long number in a few characters: it is refused before it is written out.
  if (Math.abs(shift) > 2 * (MOST_DIGITS.before + MOST_DIGITS.after)) return null;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const before = digits.slice(0, point).replace(/^0+/, '');
  const after = digits.slice(point).replace(/0+$/, '');
  if (before.length > MOST_DIGITS.before || after.length > MOST_DIGITS.after) return null;
  const plain = after ? `${before || '0'}.${after}` : before || '0';
  return plain === '0' ? plain : `${sign}${plain}`;
}

const inSupportedYears = [
  (value: string) => value >= '1970-01-02' && value < '9999',
  'must be between 1970-01-02 and the year 9999',
] as const;

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone, such as UTC or Europe/Berlin');

/** Stricter than Intl, which also accepts offsets and any case: EventBridge Scheduler and PostgreSQL need the exact IANA name. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** An instant with an offset. Parsed to UTC with exactly six fractional digits, so that the texts sort chronologically; further digits
 *  are cut. Only whole seconds pass through a Date, so that microseconds are kept. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with an offset, such as 2026-11-22T08:00:00.123456Z', abort: true })
  .refine(...inSupportedYears)
  .transform((value) => {
    const [, seconds = '', fraction = '', offset] = /^(.{16}(?::\d\d)?)(?:\.(\d+))?(.*)$/.exec(value) ?? [];
    const whole =
      offset === 'Z' && seconds.length === 19 ? seconds : new Date(`${seconds}${offset}`).toISOString().slice(0, 19);
    return `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
  })
  .meta({
    ...documentedAs({ type: 'string', format: 'date-time' }),
    description: 'A time with an offset, stored to the microsecond',
    example: '2026-11-22T08:00:00.123456Z',
  });

/** A trading day. */
export const day = z.iso
  .date({ error: 'must be a day such as 2026-11-22', abort: true })
  .refine(...inSupportedYears)
  .meta({ description: 'A trading day', example: '2026-11-22' });

export const limit = wholeNumber({ from: 1, to: 500 })
  .default(50)
  .meta({ description: 'Most items to return. A page may have fewer even when `next_cursor` is set' });

/** The position in a list: the key of the last row, opaque to the caller. */
export const cursor = <Key extends z.ZodType>(key: Key) =>
  z
    .string()
    .max(2000)
    .transform((value, context): z.output<Key> => {
      const parsed = key.safeParse(decoded(value));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: 'must be a next_cursor returned by this list' });
      return z.NEVER;
    })
    .meta({ ...documentedAs({ type: 'string' }), description: '`next_cursor` of the previous page' });

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The cursor of the next page; null on the last page' });

export const cursorOf = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Most levels of nesting of a JSON object. */
const DEEPEST = 64;

/** Longest JSON Pointer to a value in a JSON object, and in settings, in characters. Answers name values by it, such as each problem, and each change
 *  of settings: without a limit, a long key with many values below it makes an answer that is thousands of times as long as the request. */
const LONGEST_POINTER = { of_object: 16_000, of_settings: 500 };

/** Most problems of a JSON object that are listed. */
const MOST_PROBLEMS = 100;

/** A JSON object with any keys in a response. */
export const document = z
  .custom<Record<string, unknown>>((value) => isObject(value))
  .meta({ ...documentedAs({ type: 'object', additionalProperties: true }) });

const jsonObjectUpTo = (longestPointer: number) =>
  z
    .custom<Record<string, unknown>>((value) => isObject(value), { error: 'must be a JSON object' })
    .transform((value, context) => {
      const storablePart = (part: unknown, path: string, depth: number): unknown => {
        if (context.issues.length >= MOST_PROBLEMS) return null;
        const refuse = (message: string) => {
          context.addIssue({ code: 'custom', message: path ? `${path}: ${message}` : message });
          return null;
        };
        if (depth > DEEPEST) return refuse(`must not be nested deeper than ${DEEPEST} levels`);
        if (typeof part === 'string')
          return storable(part) ? part : refuse('must not contain U+0000 or a lone surrogate');
        if (part instanceof InexactNumber)
          return Number.isFinite(Number(part.source))
            ? Number(part.source)
            : refuse(`${part.shown} is out of the range of a double`);
        if (Array.isArray(part)) return part.map((item, i) => storablePart(item, `${path}/${i}`, depth + 1));
        if (!isObject(part)) return part;
        return Object.fromEntries(
          Object.entries(part).map(([key, item]) => {
            if (!storable(key)) refuse('a key must not contain U+0000 or a lone surrogate');
            const below = `${path}/${pointerToken(key)}`;
            if (below.length <= longestPointer) return [key, storablePart(item, below, depth + 1)];
            return [
              key,
              refuse(`has a key that is too long: the path to a value has at most ${longestPointer} characters`),
            ];
          }),
        );
      };
      const stored = storablePart(value, '', 0);
      return context.issues.length === 0 ? (redacted(stored) as Record<string, unknown>) : z.NEVER;
    })
    .meta({ ...documentedAs({ type: 'object', additionalProperties: true }) });

/** A JSON object with any keys in a request. Numbers become doubles, as in RFC 8785, and secrets `[redacted]`. */
export const jsonObject = jsonObjectUpTo(LONGEST_POINTER.of_object);

/** The settings of a bot, as a JSON object. */
export const settingsObject = jsonObjectUpTo(LONGEST_POINTER.of_settings);

const storable = (value: string): boolean => value.isWellFormed() && !value.includes('\u0000');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber);
