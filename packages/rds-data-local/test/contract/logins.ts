import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../support/client.ts';

const user = 'SELECT current_user::text';

export function logins(api: DataApi): void {
  describe('the secret chooses the role that logs in', () => {
    const reader = api.as('reader');

    beforeAll(() => api.execute('CREATE TABLE guarded (n int)'));
    afterAll(() => api.execute('DROP TABLE guarded'));

    test('a role that does not exist, or may not log in, is rejected', async () => {
      const refused = {
        name: 'DatabaseErrorException',
        message: expect.stringMatching(/^ERROR: .+; SQLState: 28...$/),
      };
      await expect(reader.execute(user)).rejects.toMatchObject(refused);
      await expect(reader.begin()).rejects.toMatchObject(refused);
      await api.execute('CREATE ROLE reader');
      await expect(reader.execute(user)).rejects.toMatchObject(refused);
      expect(await fieldOf(api, user)).toEqual({ stringValue: 'postgres' });
      await api.execute("ALTER ROLE reader LOGIN PASSWORD 'of the reader'");
      await api.execute('GRANT SELECT ON guarded TO reader');
    });

    test('alternating calls each run in their own role', async () => {
      expect(await fieldOf(reader, user)).toEqual({ stringValue: 'reader' });
      expect(await fieldOf(api, user)).toEqual({ stringValue: 'postgres' });
      expect(await fieldOf(reader, user)).toEqual({ stringValue: 'reader' });
    });

    test('concurrent transactions each run in their own role', async () => {
      const transactionId = await reader.begin();
      const { records } = await reader.execute('SELECT current_user::text, session_user::text', [], { transactionId });
      expect(records).toEqual([[{ stringValue: 'reader' }, { stringValue: 'reader' }]]);
      await reader.rollback(transactionId);
    });

    test('a role has only its own grants, and cannot become another role', async () => {
      await expect(reader.execute('SELECT n FROM guarded')).resolves.toBeDefined();
      for (const sql of ['INSERT INTO guarded VALUES (1)', 'CREATE TABLE own (n int)', 'SET ROLE postgres']) {
        await expect(reader.execute(sql)).rejects.toThrow(/SQLState: 42501/);
      }
    });

    test('SET ROLE lasts for one call', async () => {
      await api.execute('SET ROLE reader');
      expect(await fieldOf(api, user)).toEqual({ stringValue: 'postgres' });
      await api.execute('SET SESSION AUTHORIZATION reader');
      expect(await fieldOf(api, user)).toEqual({ stringValue: 'postgres' });
    });
  });
}
