import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../../../functions/database/migrations.ts';
import { MASTER_SECRET_ARN, RESOURCE_ARN } from '../../../infra/local/arns.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const client = new RDSDataClient({});
afterAll(() => client.destroy());
const migrated = () =>
  migrate(
    client,
    { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: 'postgres' },
    AbortSignal.timeout(30_000),
  );

describe('the migrator', () => {
  test('applies nothing a second time, and leaves alone what a newer release applied', async () => {
    await service.sql("INSERT INTO applied_migrations (name, sha256) VALUES ('9999_of_the_future.sql', 'x')");
    expect(await migrated()).toEqual([]);
  });

  test('makes a routine anew when it differs from what was applied, as after a rollback', async () => {
    await service.sql(
      "UPDATE applied_migrations SET sha256 = 'of another release' WHERE name = 'routines/link_trades.sql'",
    );
    await service.sql(
      "CREATE OR REPLACE FUNCTION link_trades(p_links jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
    );
    expect(await migrated()).toEqual(['routines/link_trades.sql']);
    expect((await service.call('POST /trade-links', { body: { order_id: 'o' } })).status).toBe(200);
    expect(await migrated()).toEqual([]);
  });

  test('refuses a step that has changed since it was applied', async () => {
    await service.sql("UPDATE applied_migrations SET sha256 = 'other' WHERE name = '0002_snapshots.sql'");
    await expect(migrated()).rejects.toThrow('0002_snapshots.sql has changed since it was applied');
  });
});
