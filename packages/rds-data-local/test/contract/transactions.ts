import { TransactionNotFoundException } from '@aws-sdk/client-rds-data';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../support/client.ts';

export function transactions(api: DataApi): void {
  describe('transactions', () => {
    const insert = (transactionId?: string) => api.execute('INSERT INTO kept VALUES (1)', [], { transactionId });
    const kept = () => fieldOf(api, 'SELECT count(*) FROM kept');

    beforeEach(async () => {
      await api.execute('DROP TABLE IF EXISTS kept');
      await api.execute('CREATE TABLE kept (n int PRIMARY KEY)');
    });

    test('a concurrent call is refused', async () => {
      const id = await api.begin();
      const calls = await Promise.allSettled([
        api.execute('SELECT count(*) FROM generate_series(1, 100000)', [], { transactionId: id }),
        api.execute('SELECT count(*) FROM generate_series(1, 100000)', [], { transactionId: id }),
      ]);
      await api.rollback(id);
      const refused = calls.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject([
        { reason: { name: 'DatabaseErrorException', message: 'Transaction is still running a query' } },
      ]);
    });

    test('an error rolls back the transaction, and its id is not found afterwards', async () => {
      const id = await api.begin();
      await insert(id);
      await expect(insert(id)).rejects.toThrow(/^ERROR: duplicate key .+; SQLState: 23505$/);
      for (const call of [() => insert(id), () => api.commit(id), () => api.rollback(id), () => insert('unknown')]) {
        await expect(call()).rejects.toThrow(TransactionNotFoundException);
      }
      expect(await kept()).toEqual({ longValue: 0 });
    });

    test('a result that cannot be returned does not end the transaction', async () => {
      const transactionId = await api.begin();
      await insert(transactionId);
      await expect(api.execute("SELECT '1 day'::interval", [], { transactionId })).rejects.toThrow('unsupported');
      await api.commit(transactionId);
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('COMMIT as a statement ends the transaction for the API, too', async () => {
      const id = await api.begin();
      await insert(id);
      await api.execute('COMMIT', [], { transactionId: id });
      await expect(insert(id)).rejects.toThrow(TransactionNotFoundException);
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('BEGIN as a statement is refused and opens no transaction', async () => {
      await expect(api.execute('BEGIN')).rejects.toMatchObject({ name: 'BadRequestException' });
      await insert();
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('a transaction belongs to the secret that began it', async () => {
      const id = await api.begin();
      await expect(api.as('reader').execute('SELECT 1', [], { transactionId: id })).rejects.toMatchObject({
        name: 'BadRequestException',
      });
      await api.rollback(id);
    });

    test('a transaction belongs to its database', async () => {
      const transactionId = await api.begin();
      await expect(api.execute('SELECT 1', [], { transactionId, database: 'other' })).rejects.toMatchObject({
        name: 'BadRequestException',
        message: 'Database name is not the same as transaction',
      });
      await api.rollback(transactionId);
    });

    test('a setting lasts for its transaction', async () => {
      const transactionId = await api.begin();
      await api.execute("SET timezone TO 'Asia/Tokyo'", [], { transactionId });
      await api.commit(transactionId);
      expect(await fieldOf(api, 'SHOW timezone')).toEqual({ stringValue: 'UTC' });
    });
  });
}
