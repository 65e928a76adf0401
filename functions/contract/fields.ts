import * as z from 'zod';
import { InexactNumber } from './json.ts';
import { pointerToken } from './pointer.ts';

/** What is missing is said in a word, whatever it should have been. */
z.config({
  customError: ({ code, input }) => (code === 'invalid_type' && input === undefined ? 'is needed' : undefined),
});

/** How a field stands in the OpenAPI document, whatever the parser is made of. */
const shownAs = (shape: object) => ({
  override: ({ jsonSchema }: { jsonSchema: object }) => {
    for (const key of ['anyOf', 'pattern']) Reflect.deleteProperty(jsonSchema, key);
    Object.assign(jsonSchema, shape);
  },
});

/** Text as PostgreSQL and JSON can both keep it: no U+0000, no half of a surrogate pair. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes('\u0000'), 'must not contain U+0000')
    .refine((value) => value.isWellFormed(), 'must not contain half of a surrogate pair');

/** An identifier that somebody else gave: kept to the letter. */
export const identifier = text(200).min(1);

export const botId = text(64)
  .min(1)
  .default('default')
  .meta({ description: 'The bot. `default` wherever it is left out.', example: 'default' });

/** A bot whose id begins so is a test's: nobody is mailed of it, and it raises no alarm. */
export const TEST_BOTS = 'smoke-';

export const snapshotId = z
  .guid('must be the id of a snapshot, such as 0f8fad5b-d9cb-469f-a165-70867728950e')
  .toLowerCase()
  .meta({ description: 'A snapshot', example: '0f8fad5b-d9cb-469f-a165-70867728950e' });

/** A count in a query, where everything is text. @example wholeNumber({ from: 1, to: 500 }) */
export function wholeNumber({ from, to, of = '' }: { from: number; to: number; of?: string }) {
  const message = `must be a whole number${of && ` of ${of}`} from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .pipe(z.int().min(from, message).max(to, message))
    .meta(shownAs({ type: 'integer', minimum: from, maximum: to }));
}

/** At most 20 digits on each side of the point, once written without an exponent. */
const DIGITS = 20;

const plainDecimal = z
  .string()
  .max(64)
  .transform((written, context) => {
    const plain = plainly(written);
    if (plain !== null) return plain;
    context.addIssue({
      code: 'custom',
      message: `must be a decimal such as "12.50" or "4.99e-06", with at most ${DIGITS} digits on each side of the point`,
    });
    return z.NEVER;
  });

/** An exact decimal: text, or a JSON number that a double holds exactly. It goes on as text without an exponent. */
export const decimal = z
  .union([z.string(), z.number(), z.instanceof(InexactNumber)], { error: 'must be a decimal, as text or as a number' })
  .transform((value, context) => {
    if (!(value instanceof InexactNumber)) return String(value);
    context.addIssue({ code: 'custom', message: `${value.source} is not exact as a JSON number: send it as text` });
    return z.NEVER;
  })
  .pipe(plainDecimal)
  .meta({
    ...shownAs({ type: ['string', 'number'] }),
    description: 'An exact decimal; as text, or as a number that a double holds exactly',
    example: '0.0832',
  });

export const positiveDecimal = decimal.refine((value) => !/^-|^0*\.?0*$/.test(value), 'must be greater than 0');

/** @example plainly('4.99e-06') // '0.00000499' */
function plainly(written: string): string | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(written) ?? [];
  if (whole === '') return null;
  const shift = Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const before = digits.slice(0, point).replace(/^0+/, '');
  const after = digits.slice(point).replace(/0+$/, '');
  if (before.length > DIGITS || after.length > DIGITS) return null;
  const plain = after ? `${before || '0'}.${after}` : before || '0';
  return plain === '0' ? plain : `${sign}${plain}`;
}

/** An instant with its offset, to the microsecond, which goes on in UTC. Digits beyond the sixth are cut.
 *  Only whole seconds pass through a Date, so that none is lost; six digits always, so that text sorts as time does. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with an offset, such as 2026-11-22T08:00:00.123456Z', abort: true })
  .refine((value) => value >= '1970-01-02' && value < '9999', 'must lie between 1970-01-02 and the year 9999')
  .transform((value) => {
    const [, seconds = '', fraction = '', offset] = /^(.{16}(?::\d\d)?)(?:\.(\d+))?(.*)$/.exec(value) ?? [];
    const whole =
      offset === 'Z' && seconds.length === 19 ? seconds : new Date(`${seconds}${offset}`).toISOString().slice(0, 19);
    return `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
  })
  .meta({
    ...shownAs({ type: 'string', format: 'date-time' }),
    description: 'A time with its offset, kept to the microsecond',
    example: '2026-11-22T08:00:00.123456Z',
  });

/** A trading day. */
export const day = z.iso
  .date({ error: 'must be a day such as 2026-11-22', abort: true })
  .refine((value) => value >= '1970-01-02' && value < '9999', 'must lie between 1970-01-02 and the year 9999')
  .meta({ description: 'A trading day', example: '2026-11-22' });

export const limit = wholeNumber({ from: 1, to: 500 })
  .default(50)
  .meta({ description: 'At most so many; fewer may come, then `next_cursor` goes on' });

/** Where a list goes on: the key of its last row, opaque to the caller. */
export const cursor = <Key extends z.ZodType>(key: Key) =>
  z
    .string()
    .max(2000)
    .transform((value, context): z.output<Key> => {
      const parsed = key.safeParse(decoded(value));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: 'must be a next_cursor that this list gave' });
      return z.NEVER;
    })
    .meta({ ...shownAs({ type: 'string' }), description: '`next_cursor` of the page before' });

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

export const nextCursor = z.string().nullable().meta({ description: 'Where the list goes on; null at its end' });

export const cursorOf = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

const DEEPEST = 64;

/** A JSON object in an answer, whatever its keys. */
export const document = z
  .custom<Record<string, unknown>>((value) => isObject(value))
  .meta({ ...shownAs({ type: 'object', additionalProperties: true }) });

/** Any JSON object, kept whole. Numbers become doubles, as RFC 8785 has them. */
export const jsonObject = z
  .custom<Record<string, unknown>>((value) => isObject(value), { error: 'must be a JSON object' })
  .transform((value, context) => {
    const settle = (part: unknown, path: string, depth: number): unknown => {
      const refuse = (message: string) => {
        context.addIssue({ code: 'custom', message: path ? `${path}: ${message}` : message });
        return null;
      };
      if (depth > DEEPEST) return refuse(`must not be nested deeper than ${DEEPEST} levels`);
      if (typeof part === 'string')
        return storable(part) ? part : refuse('must not contain U+0000 or half of a surrogate pair');
      if (part instanceof InexactNumber)
        return Number.isFinite(Number(part.source)) ? Number(part.source) : refuse(`${part.source} is beyond a double`);
      if (Array.isArray(part)) return part.map((item, i) => settle(item, `${path}/${i}`, depth + 1));
      if (!isObject(part)) return part;
      return Object.fromEntries(
        Object.entries(part).map(([key, item]) => {
          if (!storable(key)) refuse('a key must not contain U+0000 or half of a surrogate pair');
          return [key, settle(item, `${path}/${pointerToken(key)}`, depth + 1)];
        }),
      );
    };
    return settle(value, '', 0) as Record<string, unknown>;
  })
  .meta({ ...shownAs({ type: 'object', additionalProperties: true }) });

const storable = (value: string): boolean => value.isWellFormed() && !value.includes('\u0000');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber);
