import { UnsupportedResultException } from '@aws-sdk/client-rds-data';
import { describe, expect, test } from 'vitest';
import { type DataApi, fieldOf } from '../support/client.ts';
import { resourceArn, secretArns } from '../support/cluster.ts';

// A row with one column, on PostgreSQL's wire: the count of columns and the length of the value.
const ROW_OVERHEAD = 2 + 4;

export function limits(api: DataApi): void {
  describe('limits', () => {
    test('a result of 1 MB passes, and one byte more does not', async () => {
      const sql =
        'SELECT repeat($$x$$, CASE WHEN n = 1 THEN :last::int ELSE :size::int END) FROM generate_series(1, 32) n';
      const size = 1024 * 32 - ROW_OVERHEAD;
      const sized = (last: number) => [
        { name: 'last', value: { longValue: last } },
        { name: 'size', value: { longValue: size } },
      ];
      expect((await api.execute(sql, sized(size))).records).toHaveLength(32);
      const refused = api.execute(sql, sized(size + 1));
      await expect(refused).rejects.toThrow(UnsupportedResultException);
      await expect(refused).rejects.toThrow('The result exceeds the size limit 1 MB.');
    });

    test('a row of 64 KB passes, and one byte more does not', async () => {
      const size = 64 * 1024 - ROW_OVERHEAD;
      const row = (length: number) =>
        api.execute('SELECT repeat($$x$$, :n::int)', [{ name: 'n', value: { longValue: length } }]);
      expect((await row(size)).records).toHaveLength(1);
      await expect(row(size + 1)).rejects.toThrow('size limit 64 KB');
    });

    test('a request beyond 4 MiB is refused, and one just below is not', async () => {
      const length = (text: string) => fieldOf(api, 'SELECT length(:x)', [{ name: 'x', value: { stringValue: text } }]);
      const almost = 4 * 1024 * 1024 - 2000;
      expect(await length('x'.repeat(almost))).toEqual({ longValue: almost });
      await expect(length('x'.repeat(4 * 1024 * 1024))).rejects.toMatchObject({
        name: 'RequestEntityTooLargeException',
        $metadata: { httpStatusCode: 413 },
      });
    });

    test.each<[string, object]>([
      ['no resourceArn', { sql: 'SELECT 1', resourceArn: undefined }],
      ['no secretArn', { sql: 'SELECT 1', secretArn: undefined }],
      ['no sql', {}],
      ['a schema', { sql: 'SELECT 1', schema: 'public' }],
      ['an ARN of 571 characters', { sql: 'SELECT 1', secretArn: secretArns.owner.padEnd(571, 'x') }],
      ['an ARN of 10 characters', { sql: 'SELECT 1', resourceArn: resourceArn.slice(0, 10) }],
      [
        'a value with two members',
        { sql: 'SELECT :x', parameters: [{ name: 'x', value: { isNull: true, longValue: 1 } }] },
      ],
      ['a long beyond 2^53', { sql: 'SELECT :x', parameters: [{ name: 'x', value: { longValue: 2 ** 53 } }] }],
      ['an unknown hint', { sql: 'SELECT 1', parameters: [{ name: 'x', value: { isNull: true }, typeHint: 'INT' }] }],
      ['COPY', { sql: '-- all of it\nCOPY pg_class TO STDOUT' }],
    ])('a request with %s is refused', async (_, body) => {
      expect(await api.post('/Execute', body)).toMatchObject({ status: 400, error: 'ValidationException' });
    });
  });
}
