import { type Case, parameter, refused, statement } from '../case.ts';

type Parameter = readonly [value: Readonly<Record<string, unknown>>, typeHint?: string];

const withX = ([value, typeHint]: Parameter): object => ({ parameters: [parameter('x', value, typeHint)] });

const boundAs: readonly (readonly [Parameter, type: string])[] = [
  [[{ stringValue: 'a' }], 'text'],
  [[{ longValue: 1 }], 'bigint'],
  [[{ doubleValue: 1.5 }], 'double precision'],
  [[{ booleanValue: true }], 'boolean'],
  [[{ blobValue: 'YQ==' }], 'bytea'],
  [[{ stringValue: '2026-11-22' }, 'DATE'], 'date'],
  [[{ stringValue: '1.50' }, 'DECIMAL'], 'numeric'],
  [[{ stringValue: '{}' }, 'JSON'], 'json'],
  [[{ stringValue: '08:00:00.123' }, 'TIME'], 'time without time zone'],
  [[{ stringValue: '2026-11-22 08:00:00.123' }, 'TIMESTAMP'], 'timestamp without time zone'],
  [[{ stringValue: '0bb99248-2e7d-4007-a4b2-579b00649ce1' }, 'UUID'], 'uuid'],
  [[{ isNull: true }, 'UUID'], 'uuid'],
];

const refusedValues: readonly (readonly [what: string, Parameter])[] = [
  ['an array', [{ arrayValue: { longValues: [1] } }]],
  ['a timestamp with microseconds', [{ stringValue: '2026-11-22 08:00:00.123456' }, 'TIMESTAMP']],
  ['a timestamp with a zone', [{ stringValue: '2026-11-22T08:00:00Z' }, 'TIMESTAMP']],
  ['a date with a time', [{ stringValue: '2026-11-22 08:00:00' }, 'DATE']],
  ['a number with a hint', [{ longValue: 1 }, 'DECIMAL']],
];

/** Types of parameters as clients observed them on Aurora; formats as in the user guide. */
export const parameters: readonly Case[] = [
  ...boundAs.map(
    ([bound, type]): Case => ({
      name: `the parameter ${JSON.stringify(bound)} is bound as ${type}`,
      steps: [statement('SELECT pg_typeof(:x)::text', { records: [[{ stringValue: type }]] }, withX(bound))],
    }),
  ),
  ...refusedValues.map(
    ([what, value]): Case => ({
      name: `${what} is refused as a parameter`,
      steps: [statement('SELECT :x', refused('BadRequestException'), withX(value))],
    }),
  ),
  {
    name: 'a string is text where PostgreSQL would have inferred another type',
    steps: [
      statement(
        'SELECT 1 WHERE 1 = :x',
        refused(
          'DatabaseErrorException',
          /^ERROR: operator does not exist: integer = text; Hint: .+; Position: \d+; SQLState: 42883$/,
        ),
        withX([{ stringValue: '1' }]),
      ),
    ],
  },
  {
    name: 'null has the type that its context requires',
    setup: ['CREATE TABLE nulls (at timestamptz, tags text[], data jsonb)'],
    steps: [
      statement('INSERT INTO nulls VALUES (:x, :x, :x)', { updated: 1 }, withX([{ isNull: true }])),
      statement('SELECT coalesce(:x, 7)', { records: [[{ longValue: 7 }]] }, withX([{ isNull: true }])),
    ],
  },
  {
    name: 'bytes are returned unchanged',
    steps: [statement('SELECT :x', { records: [[{ blobValue: 'AAEC/f7/' }]] }, withX([{ blobValue: 'AAEC/f7/' }]))],
  },
];
