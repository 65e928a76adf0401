import { type Case, parameter, refused, statement } from '../case.ts';

const x = (value: Readonly<Record<string, unknown>>): object => ({ parameters: [parameter('x', value)] });

/** From pgwire proxies and clients that encountered the service's parsing of `:name`. */
export const placeholders: readonly Case[] = [
  {
    name: 'a colon in a literal or a cast is not a placeholder',
    steps: [
      statement(
        "SELECT 'a:b', '12:34:56'::time::text, :x::text",
        { records: [[{ stringValue: 'a:b' }, { stringValue: '12:34:56' }, { stringValue: 'y' }]] },
        x({ stringValue: 'y' }),
      ),
    ],
  },
  {
    // jeremydaly/data-api-client (MIT)
    name: 'a placeholder may be cast',
    steps: [
      statement(
        'SELECT :value::integer, :text::text',
        { records: [[{ longValue: 123 }, { stringValue: '456' }]] },
        { parameters: [parameter('value', { stringValue: '123' }), parameter('text', { longValue: 456 })] },
      ),
    ],
  },
  {
    // sst/kysely-data-api (MIT)
    name: 'a name may be a number, starting at zero',
    steps: [
      statement(
        'SELECT :0::text AS a, :1::text AS b',
        { records: [[{ stringValue: 'x' }, { stringValue: 'y' }]] },
        { parameters: [parameter('0', { stringValue: 'x' }), parameter('1', { stringValue: 'y' })] },
      ),
    ],
  },
  {
    name: 'each occurrence of a name is a separate bind',
    steps: [
      statement(
        'SELECT date_trunc(:x, at) FROM (VALUES (now())) AS v (at) GROUP BY date_trunc(:x, at)',
        refused('DatabaseErrorException', /SQLState: 42803$/),
        x({ stringValue: 'day' }),
      ),
    ],
  },
  {
    name: 'a colon-word between dollar quotes is replaced, too',
    steps: [statement('SELECT $$a :b c$$', { records: [[{ stringValue: 'a $1 c' }]] })],
  },
  {
    name: 'an array slice is treated as a placeholder',
    steps: [
      statement("SELECT ('{1,2}'::int[])[1:2]", refused('DatabaseErrorException', /syntax error at or near "\$1"/)),
    ],
  },
  {
    name: 'a name without a parameter is an error of the statement',
    steps: [statement('SELECT :x::text', refused('DatabaseErrorException', /SQLState: 08P01$/))],
  },
];
