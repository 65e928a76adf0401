import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataApi } from '../support/client.ts';

export function metadata(api: DataApi): void {
  describe('columns are described from the catalog', () => {
    const columnsOf = async (sql: string) =>
      (await api.execute(sql, [], { includeResultMetadata: true })).columnMetadata ?? [];

    beforeAll(async () => {
      await api.execute('CREATE SCHEMA shop');
      await api.execute(`CREATE TABLE shop.orders (
        id bigint GENERATED ALWAYS AS IDENTITY, total numeric(8, 2), code char(3) NOT NULL, open boolean)`);
      await api.execute('CREATE VIEW shop.totals AS SELECT id, total FROM shop.orders');
    });
    afterAll(() => api.execute('DROP SCHEMA shop CASCADE'));

    test('all members are present for a table and for its view', async () => {
      const [id, total] = await columnsOf('SELECT id, total FROM shop.orders');
      expect(id).toEqual({
        arrayBaseColumnType: 0,
        isAutoIncrement: true,
        isCaseSensitive: false,
        isCurrency: false,
        isSigned: true,
        label: 'id',
        name: 'id',
        nullable: 0,
        precision: 19,
        scale: 0,
        schemaName: 'shop',
        tableName: 'orders',
        type: -5,
        typeName: 'bigserial',
      });
      expect(total).toMatchObject({ precision: 8, scale: 2, nullable: 1, tableName: 'orders' });
      expect(await columnsOf('SELECT id FROM shop.totals')).toMatchObject([
        { schemaName: 'shop', tableName: 'totals', nullable: 1, isAutoIncrement: false, typeName: 'int8' },
      ]);
    });

    test.each<[string, object]>([
      ["'a'::varchar(7)", { precision: 7, scale: 0 }],
      ["'a'::text", { precision: 2_147_483_647, scale: 0 }],
      ['1.5', { precision: 0, scale: 0 }],
      ['true', { precision: 1, scale: 0 }],
      ["'{1}'::int2[]", { precision: 5, arrayBaseColumnType: 5, type: 2003, typeName: '_int2' }],
      ["'08:00'::time(0)", { precision: 8, scale: 0 }],
      ["'2026-11-22'::timestamp", { precision: 29, scale: 6 }],
      ["'2026-11-22'::timestamptz(3)", { precision: 32, scale: 3 }],
    ])('%s has %j', async (expression, members) => {
      expect(await columnsOf(`SELECT ${expression} AS x`)).toMatchObject([{ ...members, nullable: 2, tableName: '' }]);
    });

    test('a change of the table is visible immediately', async () => {
      expect(await columnsOf('SELECT open FROM shop.orders')).toMatchObject([{ nullable: 1 }]);
      await api.execute('ALTER TABLE shop.orders ALTER open SET NOT NULL');
      expect(await columnsOf('SELECT open FROM shop.orders')).toMatchObject([{ nullable: 0 }]);
    });

    test('a session continues after it has discarded its prepared statements', async () => {
      const transactionId = await api.begin();
      const describing = { transactionId, includeResultMetadata: true };
      for (const sql of ['SELECT code FROM shop.orders', 'DEALLOCATE ALL', 'SELECT code FROM shop.orders']) {
        await expect(api.execute(sql, [], describing)).resolves.toBeDefined();
      }
      await api.rollback(transactionId);
    });
  });
}
