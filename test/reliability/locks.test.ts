import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { type Engine, openPostgresServer } from '@strategy-snapshots/rds-data-local';
import { expect, inject, test } from 'vitest';
import { underMigrationLock } from '../../functions/database/migration-lock.ts';
import { migrate } from '../../functions/database/migrations.ts';
import { type Schema, schema } from '../../functions/database/schema.ts';
import { MASTER_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { dataApiOver } from '../support/data-api.ts';
import { startService } from '../support/service.ts';
import { historyOf } from './history.ts';
import { save, sendAll } from './writes.ts';

const service = await startService();
const { call, sql } = service;

test('a write that PostgreSQL rolled back in a deadlock is retried automatically and applied once', async () => {
  await sendAll(call, [save('a', { config: {} }), save('b', { config: {} })]);
  const links = historyOf(1, { days: 1, ordersADay: 2 }).links;
  const deadlocks = async () =>
    (
      await sql<{ n: number }>(
        'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()',
      )
    )[0]?.n;
  expect(await deadlocks()).toBe(0);

  // Another session locks the two bots in the opposite order, which our functions never do, and the write becomes the deadlock victim.
  const other = sql(`DO $do$ BEGIN
    SET LOCAL deadlock_timeout = '30s';
    PERFORM lock_bot('b');
    -- Until the write, which has the other bot by then, waits for this one.
    FOR i IN 1..500 LOOP
      EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid);
      PERFORM pg_sleep(0.01);
    END LOOP;
    PERFORM lock_bot('a');
  END $do$`);
  await expect
    .poll(() => sql("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"))
    .not.toEqual([]);
  const both = ['a', 'b'].flatMap((bot_id) => links.map((link) => ({ bot_id, ...link })));
  const { status, body } = await call('POST /trade-links', { body: both });
  await other;
  expect({ status, created: body.created }).toEqual({ status: 200, created: both.length });
  await expect.poll(deadlocks, { timeout: 5_000 }).toBe(1);
});

/** Creates an empty database next to the service's. @returns functions that migrate and query it */
async function withEmptyDatabase(
  name: string,
  use: (engine: Engine, run: (wanted?: Schema) => Promise<string[]>) => Promise<void>,
): Promise<void> {
  await sql(`CREATE DATABASE ${name}`);
  const engine = await openPostgresServer(new URL(`/${name}`, inject('server')).href);
  const dataApi = await dataApiOver(engine);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  try {
    await use(engine, (wanted = schema) =>
      migrate(
        wanted,
        underMigrationLock(
          {
            client: new RDSDataClient({ endpoint: dataApi.url, region: 'us-east-1', credentials }),
            target: { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: 'postgres' },
          },
          AbortSignal.timeout(30_000),
        ),
      ),
    );
  } finally {
    await dataApi.close();
    await engine.close();
  }
}

test('two concurrent migrations of an empty database take turns, and a third one has nothing to do', () =>
  withEmptyDatabase('empty', async (_engine, run) => {
    const [left = [], right = []] = await Promise.all([run(), run()]);
    const applied = await sql<{ name: string }>('SELECT name FROM applied_migrations ORDER BY name');
    expect([...left, ...right].toSorted()).toEqual(applied.map(({ name }) => name));
    expect(await run()).toEqual([]);
  }));

/** A migration that locks the tables bots and fills. */
const greedy = {
  name: '0001_greedy.sql',
  text: 'LOCK TABLE bots IN ACCESS EXCLUSIVE MODE; LOCK TABLE fills IN ACCESS EXCLUSIVE MODE;',
};

/** Applies that migration while another session holds one table and, once the migration waits for it, requests another. */
async function upgradedDuring(
  name: string,
  { holds, wants, patience }: Record<'holds' | 'wants' | 'patience', string>,
) {
  await withEmptyDatabase(name, async (engine, run) => {
    await run();
    const other = await engine.connect();
    await other.query(`BEGIN; SET LOCAL lock_timeout = '${patience}'; LOCK TABLE ${holds} IN ROW SHARE MODE`);
    const upgrade = run({ ...schema, migrations: [greedy] });
    upgrade.catch(() => {});
    const waiting = `SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = '${name}')`;
    try {
      await expect.poll(() => sql(waiting), { timeout: 30_000 }).not.toEqual([]);
      await other.query(`LOCK TABLE ${wants} IN ROW SHARE MODE`);
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect(await upgrade).toEqual([greedy.name]);
  });
}

test('a migration that locks the bots first, as writes do, waits for a running write', () =>
  upgradedDuring('during_a_write', { holds: 'bots', wants: 'fills', patience: '500ms' }));

test('a migration that was rolled back in a deadlock with a read is retried automatically', () =>
  upgradedDuring('during_a_read', { holds: 'fills', wants: 'bots', patience: '10s' }));
