import { describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../support/client.ts';
import { resourceArn, secretArns } from '../support/cluster.ts';

const user = 'SELECT current_user::text';

export function access(api: DataApi): void {
  describe('a request must name this cluster, one of its secrets and a database', () => {
    test.each<[string, object, string, string | RegExp]>([
      ['another cluster', { resourceArn: `${resourceArn}-2` }, 'HttpEndpointNotEnabledException', `${resourceArn}-2`],
      [
        'an unknown secret',
        { secretArn: `${secretArns.reader}-2` },
        'SecretsErrorException',
        "can't find the specified",
      ],
      [
        'a database that does not exist',
        { database: 'missing' },
        'DatabaseErrorException',
        /^ERROR: database "missing" does not exist; SQLState: 3D000$/,
      ],
    ])('%s is refused', async (_, members, name, message) => {
      for (const call of [() => api.execute('SELECT 1', [], members), () => api.begin(members)]) {
        await expect(call()).rejects.toMatchObject({ name });
        await expect(call()).rejects.toThrow(message);
      }
    });

    test('without a name, the database is the one with the name of the role', async () => {
      expect(await fieldOf(api, user, [], { database: undefined })).toEqual({ stringValue: 'postgres' });
      const asReader = api.as('reader').execute(user, [], { database: undefined });
      await expect(asReader).rejects.toThrow('database "reader" does not exist');
    });

    test('a secret may be named by its ARN without the suffix, or by its name', async () => {
      for (const secretArn of [secretArns.owner, secretArns.owner.slice(0, -7), 'tested/owner']) {
        expect(await fieldOf(api, user, [], { secretArn })).toEqual({ stringValue: 'postgres' });
      }
    });
  });
}
