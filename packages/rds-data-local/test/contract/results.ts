import { UnsupportedResultException } from '@aws-sdk/client-rds-data';
import { describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../client.ts';

export function results(api: DataApi): void {
  describe('results', () => {
    test.each<[string, object]>([
      ['1::int2', { longValue: 1 }],
      ['9007199254740991', { longValue: 9007199254740991 }],
      ['1.5::float4', { doubleValue: 1.5 }],
      ["'Infinity'::float8", { doubleValue: Number.POSITIVE_INFINITY }],
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
    ])('%s is %j', async (expression, field) => {
      expect(await fieldOf(api, `SELECT ${expression}`)).toEqual(field);
    });

    test.each<[string, string]>([
      ["'1 day'::interval", 'unsupported data type INTERVAL'],
      ["'08:00+00'::timetz", 'unsupported data type TIMETZ'],
      ['1::money', 'unsupported data type MONEY'],
      ["'int'::regtype", 'unsupported data type REGTYPE'],
      ["'[1,2)'::int4range", 'unsupported data type'],
      ["'{1 day}'::interval[]", 'unsupported data type'],
      ['ROW(1, 2)', 'unsupported data type'],
      ["'{{1},{2}}'::int[]", 'multidimensional array'],
    ])('%s is refused unless it is cast to text', async (expression, reason) => {
      const refused = api.execute(`SELECT ${expression}`);
      await expect(refused).rejects.toThrow(UnsupportedResultException);
      await expect(refused).rejects.toThrow(reason);
      await expect(api.execute(`SELECT (${expression})::text`)).resolves.toBeDefined();
    });

    test('an infinite timestamp is an InternalFailure, as on Aurora', async () => {
      const answer = await api.post('/Execute', { sql: "SELECT 'infinity'::timestamptz" });
      expect(answer).toMatchObject({ status: 500, error: 'InternalFailure' });
    });

    test('columns are described when asked for, and two may share a name', async () => {
      const sql = "SELECT 1 AS a, 'x'::text AS a, now() AS at, '{}'::int[] AS n";
      const { columnMetadata } = await api.execute(sql, [], { includeResultMetadata: true });
      expect(columnMetadata).toMatchObject([
        { name: 'a', label: 'a', typeName: 'int4' },
        { name: 'a', label: 'a', typeName: 'text' },
        { name: 'at', label: 'at', typeName: 'timestamptz' },
        { name: 'n', label: 'n', typeName: '_int4' },
      ]);
      expect(await api.execute(sql)).not.toHaveProperty('columnMetadata', expect.anything());
    });

    test('an update is counted, and one that returns rows is not', async () => {
      await api.execute('CREATE TABLE counted AS SELECT generate_series(1, 3) AS n');
      const update = await api.execute('UPDATE counted SET n = n + 1');
      expect([update.numberOfRecordsUpdated, update.records]).toEqual([3, undefined]);
      const returning = await api.execute('DELETE FROM counted RETURNING n');
      expect([returning.numberOfRecordsUpdated, returning.records?.length]).toEqual([0, 3]);
      await api.execute('DROP TABLE counted');
    });

    test('decimals come back as numbers on demand', async () => {
      const resultSetOptions = { decimalReturnType: 'DOUBLE_OR_LONG' } as const;
      const { records } = await api.execute('SELECT 1.50, 2::numeric', [], { resultSetOptions });
      expect(records).toEqual([[{ doubleValue: 1.5 }, { longValue: 2 }]]);
    });
  });
}
