import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { statementsOf } from '../../../functions/database/statements.ts';
import { lambdaContext } from '../../../local/context.ts';
import { migratorEnvironment } from '../../../local/environment.ts';
import { expectInvariants } from '../../reliability/invariants.ts';
import { asFunction } from '../../support/recorded-calls.ts';
import { startService } from '../../support/service.ts';

const service = await startService();

/** The deployed migrator as the owner of the database; the other functions have read who they are by then.
 *  @returns what it applied */
async function migrated(): Promise<readonly string[]> {
  await service.call('GET /health/database');
  const before = { ...process.env };
  Object.assign(process.env, migratorEnvironment('UTC'));
  try {
    const { handler } = await import('../../../functions/database/migrate.ts');
    const { applied } = await asFunction('functions/database/migrate.ts', () => handler({}, lambdaContext(60_000)));
    return applied;
  } finally {
    Object.assign(process.env, before);
  }
}

describe('the migrator', () => {
  test('applies nothing a second time, and leaves alone what a newer release applied', async () => {
    await service.sql("INSERT INTO applied_migrations (name, sha256) VALUES ('9999_of_the_future.sql', 'x')");
    expect(await migrated()).toEqual([]);
  });

  test('makes a routine anew when it differs from what was applied, as after a rollback', async () => {
    await service.sql(
      "UPDATE applied_migrations SET sha256 = 'of another release' WHERE name = 'routines.2/link_trades.sql'",
    );
    await service.sql(
      "CREATE OR REPLACE FUNCTION link_trades(p_links jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
    );
    expect(await migrated()).toEqual(['routines.2/link_trades.sql']);
    expect((await service.call('POST /trade-links', { body: { order_id: 'o' } })).status).toBe(200);
    expect(await migrated()).toEqual([]);
  });

  test('makes all routines anew or none, since they call each other', async () => {
    await service.sql("UPDATE applied_migrations SET sha256 = 'of another release' WHERE name LIKE 'routines.2/%'");
    const made = () =>
      service.sql("SELECT oid, xmin FROM pg_proc WHERE proname IN ('match_pending', 'record_fills') ORDER BY oid");
    const before = await made();
    // The last of them cannot be replaced.
    await service.sql('DROP FUNCTION replace_summaries');
    await service.sql(
      "CREATE FUNCTION replace_summaries(p_bot_id text, p_snapshots bigint[], p_dates date[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
    );
    await expect(migrated()).rejects.toThrow('cannot change return type');
    expect(await made()).toEqual(before);

    await service.sql('DROP FUNCTION replace_summaries');
    expect(await migrated()).toContain('routines.2/replace_summaries.sql');
    expect(await made()).not.toEqual(before);
  });

  test('tells what is open from what an older release stored, and refuses to have its routines put back', async () => {
    const fill = { symbol: 'A-USD', price: '1', filled_at: '2026-03-02T10:00:00Z' };
    const fills = [
      { ...fill, fill_id: 'b1', order_id: 'b1', side: 'buy', size: '2', fee_usd: '0.3' },
      { ...fill, fill_id: 'b2', order_id: 'b2', side: 'buy', size: '1' },
      { ...fill, fill_id: 's', order_id: 's', side: 'sell', size: '1.5' },
    ];
    await service.call('POST /fills', { body: fills });
    const open = () => service.sql('SELECT * FROM open_lots ORDER BY fill_id');
    const before = await open();
    expect(before).toMatchObject([{ fill_id: 'b1' }, { fill_id: 'b2' }]);

    await service.sql('DELETE FROM open_lots');
    await service.sql("DELETE FROM applied_migrations WHERE name LIKE 'routines.2/%'");
    expect(await migrated()).toContain('routines.2/open_lots.sql');
    expect(await open()).toEqual(before);
    await expectInvariants(service.sql);

    const putBack =
      "INSERT INTO applied_migrations (name, sha256) VALUES ('routines/record_fills.sql', 'of a release before')";
    await expect(service.sql(putBack)).rejects.toThrow('a_release_before_open_lots_cannot_be_put_back');
  });

  test('a write that goes on with a body of an older release, for which it waited, fails whole and is sent again', async () => {
    const older = statementsOf(readFileSync('functions/database/migrations/0006_record_fills.sql', 'utf8'));
    const body = older.find((each) => each.startsWith('CREATE FUNCTION record_fills')) ?? '';
    await service.sql(body.replace('CREATE', 'CREATE OR REPLACE'));
    const fill = { fill_id: 'w', order_id: 'w', symbol: 'A-USD', side: 'buy', price: '1', size: '1' };
    const sent = () => service.call('POST /fills', { body: { ...fill, filled_at: '2026-03-02T10:00:00Z' } });
    expect((await sent()).status).toBe(500);
    expect(await service.sql("SELECT FROM fills WHERE fill_id = 'w'")).toEqual([]);

    await service.sql("UPDATE applied_migrations SET sha256 = 'older' WHERE name = 'routines.2/record_fills.sql'");
    await migrated();
    expect((await sent()).status).toBe(200);
    await expectInvariants(service.sql);
  });

  test('refuses a step that has changed since it was applied', async () => {
    await service.sql("UPDATE applied_migrations SET sha256 = 'other' WHERE name = '0002_snapshots.sql'");
    await expect(migrated()).rejects.toThrow('0002_snapshots.sql has changed since it was applied');
  });
});
