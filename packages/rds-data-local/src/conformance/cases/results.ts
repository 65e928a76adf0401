import { type Case, refused, statement } from '../case.ts';

const fields: readonly (readonly [expression: string, field: Readonly<Record<string, unknown>>])[] = [
  ['1::int2', { longValue: 1 }],
  ['9007199254740991', { longValue: 9_007_199_254_740_991 }],
  ['1.5::float4', { doubleValue: 1.5 }],
  ["'Infinity'::float8", { doubleValue: 'Infinity' }],
  ['1.50', { stringValue: '1.50' }],
  ['NULL', { isNull: true }],
  ["'a'::char(3)", { stringValue: 'a  ' }],
  ["'2026-11-22'::date", { stringValue: '2026-11-22' }],
  ["'08:00:00.1'::time", { stringValue: '08:00:00.100' }],
  ["'2026-11-22 08:00:00'::timestamptz", { stringValue: '2026-11-22 08:00:00' }],
  ["'2026-11-22 08:00:00.1+02'::timestamptz", { stringValue: '2026-11-22 06:00:00.100' }],
  ["'2026-11-22 08:00:00.123456'::timestamptz", { stringValue: '2026-11-22 08:00:00.123456' }],
  ["'2026-11-22 08:00:00.1234'::timestamp", { stringValue: '2026-11-22 08:00:00.123400' }],
  [`'{"a": 1}'::jsonb`, { stringValue: '{"a": 1}' }],
  ["'{t,f}'::bool[]", { arrayValue: { booleanValues: [true, false] } }],
  ["'{}'::int[]", { arrayValue: { longValues: [] } }],
  ["'[0:1]={1,2}'::int8[]", { arrayValue: { longValues: [1, 2] } }],
  [`'{"a,b","c\\"d"}'::text[]`, { arrayValue: { stringValues: ['a,b', 'c"d'] } }],
  ["'{1.50}'::numeric[]", { arrayValue: { stringValues: ['1.50'] } }],
];

const unsupported: readonly (readonly [expression: string, reason: RegExp])[] = [
  ["'1 day'::interval", /unsupported data type interval/i],
  ["'08:00+00'::timetz", /unsupported data type timetz/i],
  ['1::money', /unsupported data type money/i],
  ["'int'::regtype", /unsupported data type regtype/i],
  ["'[1,2)'::int4range", /unsupported data type/i],
  ["'{1 day}'::interval[]", /unsupported data type/i],
  ['ROW(1, 2)', /unsupported data type/i],
  ["'{{1},{2}}'::int[]", /array/i],
];

/** Values as clients observed them on Aurora; limits as in the user guide. */
export const results: readonly Case[] = [
  ...fields.map(
    ([expression, field]): Case => ({
      name: `${expression} is ${JSON.stringify(field)}`,
      steps: [statement(`SELECT ${expression}`, { records: [[field]] })],
    }),
  ),
  ...unsupported.map(
    ([expression, reason]): Case => ({
      name: `${expression} is refused unless it is cast to text`,
      steps: [
        statement(`SELECT ${expression}`, refused('UnsupportedResultException', reason)),
        statement(`SELECT (${expression})::text`, { rows: 1 }),
      ],
    }),
  ),
  {
    name: 'an infinite timestamp is an internal failure',
    steps: [statement("SELECT 'infinity'::timestamptz", refused('InternalFailure'))],
  },
  {
    name: 'longs are returned as strings on demand',
    steps: [
      statement(
        "SELECT 1::bigint, '{1}'::int[]",
        { records: [[{ stringValue: '1' }, { arrayValue: { stringValues: ['1'] } }]] },
        { resultSetOptions: { longReturnType: 'STRING' } },
      ),
    ],
  },
  {
    name: 'decimals are returned as numbers on demand',
    steps: [
      statement(
        'SELECT 1.50, 2::numeric',
        { records: [[{ doubleValue: 1.5 }, { longValue: 2 }]] },
        { resultSetOptions: { decimalReturnType: 'DOUBLE_OR_LONG' } },
      ),
    ],
  },
  {
    name: 'a row has 64 KB at most, and a result 1 MB',
    steps: [
      statement("SELECT repeat('x', 60000)", { rows: 1 }),
      statement("SELECT repeat('x', 66000)", refused('UnsupportedResultException', /64 KB/)),
      statement("SELECT repeat('x', 60000) FROM generate_series(1, 17)", { rows: 17 }),
      statement("SELECT repeat('x', 60000) FROM generate_series(1, 18)", refused('UnsupportedResultException', /1 MB/)),
    ],
  },
];
