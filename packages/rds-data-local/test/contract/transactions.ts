import { DatabaseErrorException, TransactionNotFoundException } from '@aws-sdk/client-rds-data';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../client.ts';

export function transactions(api: DataApi): void {
  describe('transactions', () => {
    const insert = (transactionId?: string) => api.execute('INSERT INTO kept VALUES (1)', [], { transactionId });
    const kept = () => fieldOf(api, 'SELECT count(*) FROM kept');

    beforeEach(async () => {
      await api.execute('DROP TABLE IF EXISTS kept');
      await api.execute('CREATE TABLE kept (n int PRIMARY KEY)');
    });

    test('what is committed stays', async () => {
      const id = await api.begin();
      await insert(id);
      expect((await api.commit(id)).transactionStatus).toBe('Transaction Committed');
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('what is rolled back is gone', async () => {
      const id = await api.begin();
      await insert(id);
      expect((await api.rollback(id)).transactionStatus).toBe('Rollback Complete');
      expect(await kept()).toEqual({ longValue: 0 });
    });

    test('a transaction that has ended, or never was, is not found', async () => {
      const id = await api.begin();
      await api.commit(id);
      for (const call of [insert(id), api.commit(id), api.rollback(id), insert('unknown')]) {
        await expect(call).rejects.toThrow(TransactionNotFoundException);
      }
    });

    test('a second call while one runs is refused', async () => {
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

    test('an error aborts the transaction, and its commit says so', async () => {
      const id = await api.begin();
      await insert(id);
      await expect(insert(id)).rejects.toThrow(/^ERROR: duplicate key .+; SQLState: 23505$/);
      await expect(insert(id)).rejects.toThrow(/current transaction is aborted.+SQLState: 25P02/);
      await expect(api.commit(id)).rejects.toThrow(DatabaseErrorException);
      expect(await kept()).toEqual({ longValue: 0 });
    });

    test('a savepoint is ordinary SQL', async () => {
      const id = await api.begin();
      await api.execute('SAVEPOINT before', [], { transactionId: id });
      await insert(id);
      await api.execute('ROLLBACK TO SAVEPOINT before', [], { transactionId: id });
      await api.commit(id);
      expect(await kept()).toEqual({ longValue: 0 });
    });

    test('COMMIT as a statement ends the transaction for the API, too', async () => {
      const id = await api.begin();
      await insert(id);
      await api.execute('COMMIT', [], { transactionId: id });
      await expect(insert(id)).rejects.toThrow(TransactionNotFoundException);
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('BEGIN as a statement is refused and opens nothing', async () => {
      await expect(api.execute('BEGIN')).rejects.toMatchObject({ name: 'BadRequestException' });
      await insert();
      expect(await kept()).toEqual({ longValue: 1 });
    });

    test('a transaction belongs to the secret that began it', async () => {
      const id = await api.begin();
      await expect(api.as('app').execute('SELECT 1', [], { transactionId: id })).rejects.toMatchObject({
        name: 'BadRequestException',
      });
      await api.rollback(id);
    });

    test('a batch is kept whole or not at all', async () => {
      const sets = (...values: number[]) => values.map((n) => [{ name: 'n', value: { longValue: n } }]);
      const { updateResults } = await api.batch('INSERT INTO kept VALUES (:n)', sets(1, 2));
      expect(updateResults).toEqual([{ generatedFields: [] }, { generatedFields: [] }]);
      await expect(api.batch('INSERT INTO kept VALUES (:n)', sets(3, 3))).rejects.toThrow(/23505/);
      expect(await kept()).toEqual({ longValue: 2 });
    });

    test('a setting outlives its transaction as little as its call', async () => {
      await api.execute("SET timezone TO 'Asia/Tokyo'");
      const transactionId = await api.begin();
      await api.execute("SET timezone TO 'Asia/Tokyo'", [], { transactionId });
      await api.commit(transactionId);
      expect(await fieldOf(api, 'SHOW timezone')).toEqual({ stringValue: 'UTC' });
    });
  });
}
