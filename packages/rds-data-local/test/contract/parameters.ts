import { BadRequestException, type Field, type SqlParameter } from '@aws-sdk/client-rds-data';
import { describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../client.ts';

const parameter = (value: Field, typeHint?: SqlParameter['typeHint']): SqlParameter => ({ name: 'x', value, typeHint });

export function parameters(api: DataApi): void {
  describe('parameters', () => {
    test.each<[SqlParameter, string]>([
      [parameter({ stringValue: 'a' }), 'text'],
      [parameter({ longValue: 1 }), 'bigint'],
      [parameter({ doubleValue: 1.5 }), 'double precision'],
      [parameter({ booleanValue: true }), 'boolean'],
      [parameter({ blobValue: Buffer.from('a') }), 'bytea'],
      [parameter({ stringValue: '2026-11-22' }, 'DATE'), 'date'],
      [parameter({ stringValue: '1.50' }, 'DECIMAL'), 'numeric'],
      [parameter({ stringValue: '{}' }, 'JSON'), 'json'],
      [parameter({ stringValue: '08:00:00.123' }, 'TIME'), 'time without time zone'],
      [parameter({ stringValue: '2026-11-22 08:00:00.123' }, 'TIMESTAMP'), 'timestamp without time zone'],
      [parameter({ stringValue: '0bb99248-2e7d-4007-a4b2-579b00649ce1' }, 'UUID'), 'uuid'],
      [parameter({ isNull: true }, 'UUID'), 'uuid'],
    ])('%j is bound as %s', async (bound, type) => {
      expect(await fieldOf(api, 'SELECT pg_typeof(:x)::text', [bound])).toEqual({ stringValue: type });
    });

    test.each<[string, SqlParameter]>([
      ['an array', parameter({ arrayValue: { longValues: [1] } })],
      ['a timestamp with microseconds', parameter({ stringValue: '2026-11-22 08:00:00.123456' }, 'TIMESTAMP')],
      ['a timestamp with a zone', parameter({ stringValue: '2026-11-22T08:00:00Z' }, 'TIMESTAMP')],
      ['a date with a time', parameter({ stringValue: '2026-11-22 08:00:00' }, 'DATE')],
      ['a number with a hint', parameter({ longValue: 1 }, 'DECIMAL')],
    ])('%s is refused', async (_, refused) => {
      await expect(api.execute('SELECT :x', [refused])).rejects.toThrow(BadRequestException);
    });

    test('a string is text where PostgreSQL would have inferred another type', async () => {
      await expect(api.execute('SELECT 1 WHERE 1 = :x', [parameter({ stringValue: '1' })])).rejects.toThrow(
        /^ERROR: operator does not exist: integer = text; Hint: .+; Position: \d+; SQLState: 42883$/,
      );
    });

    test('null takes the type that its place asks for', async () => {
      await api.execute('CREATE TABLE nulls (at timestamptz, tags text[], data jsonb)');
      const inserted = await api.execute('INSERT INTO nulls VALUES (:x, :x, :x)', [parameter({ isNull: true })]);
      expect(inserted.numberOfRecordsUpdated).toBe(1);
      await api.execute('DROP TABLE nulls');
      expect(await fieldOf(api, 'SELECT coalesce(:x, 7)', [parameter({ isNull: true })])).toEqual({ longValue: 7 });
    });

    test('bytes come back as they went', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      expect(await fieldOf(api, 'SELECT :x', [parameter({ blobValue: bytes })])).toEqual({ blobValue: bytes });
    });

    test('each occurrence of a name is a bind of its own', async () => {
      const grouped = 'SELECT date_trunc(:x, at) FROM (VALUES (now())) v (at) GROUP BY date_trunc(:x, at)';
      await expect(api.execute(grouped, [parameter({ stringValue: 'day' })])).rejects.toThrow(/SQLState: 42803/);
    });

    test('a name without a parameter is the fault of the statement', async () => {
      await expect(api.execute('SELECT :x::text')).rejects.toThrow(/SQLState: 08P01/);
    });

    test('a colon-word between dollar quotes is replaced, silently', async () => {
      expect(await fieldOf(api, 'SELECT $$a :b c$$')).toEqual({ stringValue: 'a $1 c' });
    });

    test('an array slice is taken for a parameter', async () => {
      await expect(api.execute("SELECT ('{1,2}'::int[])[1:2]")).rejects.toThrow(/syntax error at or near "\$1"/);
    });
  });
}
