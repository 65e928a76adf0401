import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../client.ts';

export function roles(api: DataApi): void {
  describe('the secret chooses the role', () => {
    const app = api.as('app');

    beforeAll(async () => {
      await api.execute('CREATE ROLE app LOGIN');
      await api.execute('GRANT USAGE ON SCHEMA public TO app');
      await api.execute('CREATE TABLE guarded (n int)');
      await api.execute('GRANT SELECT ON guarded TO app');
    });
    afterAll(async () => {
      await api.execute('DROP OWNED BY app');
      await api.execute('DROP TABLE guarded');
    });

    test('calls of either run in their own role, one after the other', async () => {
      expect(await fieldOf(app, 'SELECT current_user::text')).toEqual({ stringValue: 'app' });
      expect(await fieldOf(api, 'SELECT current_user::text')).toEqual({ stringValue: 'postgres' });
      expect(await fieldOf(app, 'SELECT current_user::text')).toEqual({ stringValue: 'app' });
    });

    test('so do transactions', async () => {
      const transactionId = await app.begin();
      const { records } = await app.execute('SELECT current_user::text', [], { transactionId });
      expect(records).toEqual([[{ stringValue: 'app' }]]);
      await app.rollback(transactionId);
    });

    test('the role of the functions has what it was granted, and creates no table', async () => {
      await expect(app.execute('SELECT n FROM guarded')).resolves.toBeDefined();
      await expect(app.execute('INSERT INTO guarded VALUES (1)')).rejects.toThrow(/SQLState: 42501/);
      await expect(app.execute('CREATE TABLE own (n int)')).rejects.toThrow(/SQLState: 42501/);
    });

    test('a role that a statement takes on is put down after its call', async () => {
      await app.execute('SET ROLE postgres');
      expect(await fieldOf(app, 'SELECT current_user::text')).toEqual({ stringValue: 'app' });
    });

    test('an unknown secret is refused', async () => {
      const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/other';
      await expect(api.execute('SELECT 1', [], { secretArn })).rejects.toMatchObject({ name: 'BadRequestException' });
    });
  });
}
