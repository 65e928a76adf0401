import { type Case, parameter, statement } from '../case.ts';

type WireField = Readonly<Record<string, unknown>>;
type RoundTrip = {
  readonly type: string;
  readonly sent: WireField;
  readonly typeHint?: string;
  /** By default the type of the column is inferred. */
  readonly cast?: boolean;
  readonly received: WireField;
  readonly tolerance?: number;
};

const same = (type: string, value: WireField): RoundTrip => ({ type, sent: value, received: value });
const hinted = (type: string, typeHint: string, text: string, received = text): RoundTrip => ({
  type,
  typeHint,
  sent: { stringValue: text },
  received: { stringValue: received },
});
const cast = (type: string, text: string, received: WireField): RoundTrip => ({
  type,
  cast: true,
  sent: { stringValue: text },
  received,
});

const roundTrips: readonly RoundTrip[] = [
  same('smallint', { longValue: 32_767 }),
  same('bigint', { longValue: Number.MAX_SAFE_INTEGER }),
  { type: 'numeric(12, 6)', sent: { doubleValue: 999_999.123456 }, received: { stringValue: '999999.123456' } },
  { type: 'real', sent: { doubleValue: 2.71 }, received: { doubleValue: 2.71 }, tolerance: 0.0001 },
  same('double precision', { doubleValue: 7384.34 }),
  same('boolean', { booleanValue: true }),
  same('varchar(255)', { stringValue: 'This is a varchar string' }),
  same('text', { stringValue: '' }),
  same('bytea', { blobValue: 'YWJj' }),
  hinted('numeric(5, 2)', 'DECIMAL', '123.45'),
  hinted('numeric(100, 2)', 'DECIMAL', '100.1', '100.10'),
  hinted('date', 'DATE', '2024-12-25'),
  hinted('time', 'TIME', '11:12:00'),
  hinted('timestamp', 'TIMESTAMP', '2024-12-25 14:30:45.123'),
  hinted('timestamptz', 'TIMESTAMP', '2024-12-25 14:30:45.123'),
  hinted('json', 'JSON', '{"attr":"hellohello"}'),
  hinted(
    'jsonb',
    'JSON',
    '{"test":"typeHint","nested":{"value":123}}',
    '{"test": "typeHint", "nested": {"value": 123}}',
  ),
  cast('uuid', '660e8400-e29b-41d4-a716-446655440001', { stringValue: '660e8400-e29b-41d4-a716-446655440001' }),
  cast('inet', '192.168.0.1', { stringValue: '192.168.0.1' }),
  cast('int[]', '{1,2,3}', { arrayValue: { longValues: [1, 2, 3] } }),
  cast('bigint[]', '{1000000,2000000}', { arrayValue: { longValues: [1_000_000, 2_000_000] } }),
  cast('text[]', '{"admin","content creator"}', { arrayValue: { stringValues: ['admin', 'content creator'] } }),
  cast('double precision[]', '{1.25,1.75}', { arrayValue: { doubleValues: [1.25, 1.75] } }),
  cast('date[]', '{"2024-01-01","2024-12-31"}', { arrayValue: { stringValues: ['2024-01-01', '2024-12-31'] } }),
  { type: 'int[]', sent: { isNull: true }, received: { isNull: true } },
];

/** Values are returned from a column as they were written: from the integration tests of jeremydaly/data-api-client (MIT) and drizzle-orm
 *  (Apache-2.0), both against Aurora PostgreSQL. */
export const columns: readonly Case[] = [
  ...roundTrips.map(
    ({ type, sent, typeHint, cast, received, tolerance = 0 }): Case => ({
      name: `a column of ${type} takes ${JSON.stringify(sent)}${typeHint ? ` as ${typeHint}` : ''}`,
      setup: [`CREATE TABLE round_trips (value ${type})`],
      steps: [
        statement(
          `INSERT INTO round_trips VALUES (:value${cast ? `::${type}` : ''})`,
          { updated: 1 },
          { parameters: [parameter('value', sent, typeHint)] },
        ),
        statement('SELECT value FROM round_trips', { records: [[received]], tolerance }),
      ],
    }),
  ),
  {
    name: 'a text of 100,000 characters is stored',
    setup: ['CREATE TABLE texts (value text)'],
    steps: [
      statement(
        'INSERT INTO texts VALUES (:value)',
        { updated: 1 },
        { parameters: [parameter('value', { stringValue: 'A'.repeat(100_000) })] },
      ),
      statement('SELECT length(value) FROM texts', { records: [[{ longValue: 100_000 }]] }),
    ],
  },
  {
    name: 'an enumeration is a string',
    setup: ["CREATE TYPE mood AS ENUM ('sad', 'happy')"],
    steps: [
      statement("SELECT 'happy'::mood, '{sad}'::mood[]", {
        records: [[{ stringValue: 'happy' }, { arrayValue: { stringValues: ['sad'] } }]],
      }),
    ],
  },
];
