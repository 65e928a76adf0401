import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { describe, expect, test } from 'vitest';
import { underMigrationLock } from '../../../functions/database/migration-lock.ts';
import { migrate } from '../../../functions/database/migrations.ts';
import { type Schema, schema } from '../../../functions/database/schema.ts';
import { MASTER_SECRET_ARN, RESOURCE_ARN } from '../../../local/arns.ts';
import { lambdaContext } from '../../../local/context.ts';
import { migratorEnvironment } from '../../../local/environment.ts';
import { asFunction } from '../../support/recorded-calls.ts';
import { startService } from '../../support/service.ts';

const service = await startService();

/** Runs the deployed migrator as the owner of the database. The other functions have read their environment before.
 *  @returns the names of what it applied */
async function deployed(): Promise<readonly string[]> {
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

/** Migrates the database to an invented release. */
const broughtTo = (release: Partial<Schema>): Promise<string[]> =>
  migrate(
    { ...schema, ...release },
    underMigrationLock(
      {
        client: new RDSDataClient({}),
        target: { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: 'postgres' },
      },
      AbortSignal.timeout(60_000),
    ),
  );

const ROUTINES = 'functions and views';
const withRoutine = (text: string): Partial<Schema> => ({
  parts: [...schema.parts, { name: 'made-up/sql/routine.sql', text }],
});
const saved = () => service.call('POST /snapshots', { body: { config: { n: Math.random() } } });

describe('the migrator', () => {
  test('applies nothing twice, and keeps what a newer release applied', async () => {
    await service.sql("INSERT INTO applied_migrations (name, sha256) VALUES ('9999_of_the_future.sql', 'x')");
    expect(await deployed()).toEqual([]);
  });

  test('recreates functions and views when one of them differs, as after a rollback', async () => {
    await service.sql("UPDATE applied_migrations SET sha256 = 'of another release' WHERE name = $1", [ROUTINES]);
    await service.sql(
      "CREATE OR REPLACE FUNCTION link_trades(p_links jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
    );
    expect(await deployed()).toEqual([ROUTINES]);
    expect((await service.call('POST /trade-links', { body: { order_id: 'o' } })).status).toBe(200);
    expect(await deployed()).toEqual([]);
  });

  test('recreates all functions or none, since they call each other', async () => {
    const made = () =>
      service.sql("SELECT oid, xmin FROM pg_proc WHERE proname IN ('write_matching', 'rebuild_trades') ORDER BY oid");
    const before = await made();
    await expect(broughtTo(withRoutine('CREATE OR REPLACE FUNCTION nonsense() RETURNS nonsense;'))).rejects.toThrow(
      /nonsense/,
    );
    expect(await made()).toEqual(before);
  });

  test('drops a function that a release no longer has, and none that a user created', async () => {
    await service.sql("CREATE FUNCTION of_a_user() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    const made = 'CREATE OR REPLACE FUNCTION of_a_release() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;';
    expect(await broughtTo(withRoutine(made))).toEqual([ROUTINES]);
    expect(await service.sql('SELECT of_a_release(), of_a_user()')).toEqual([{ of_a_release: 1, of_a_user: 1 }]);
    expect(await broughtTo({})).toEqual([ROUTINES]);
    await expect(service.sql('SELECT of_a_release()')).rejects.toThrow('does not exist');
    expect(await service.sql('SELECT of_a_user()')).toEqual([{ of_a_user: 1 }]);
  });

  test('replaces a function whose result type has changed, and the view on it, in both directions', async () => {
    const parts = schema.parts.map(({ name, text }) => ({
      name,
      text: text
        .replace('last_date date, stale boolean)', 'last_date date, stale boolean, luck integer)')
        .replace('m.date <= pooled.last_date)\n', 'm.date <= pooled.last_date), 7\n')
        .replace('last_date, stale\n', 'last_date, stale, luck\n'),
    }));
    expect(await broughtTo({ parts })).toEqual([ROUTINES]);
    expect(await service.sql('SELECT luck FROM strategy_comparison')).toEqual([]);
    expect(await broughtTo({})).toEqual([ROUTINES]);
    await expect(service.sql('SELECT luck FROM strategy_comparison')).rejects.toThrow('does not exist');
  });

  test('keeps users’ grants on views, and their own views based on them', async () => {
    await service.sql('GRANT SELECT ON strategy_comparison TO pg_monitor');
    await service.sql('CREATE VIEW of_a_user AS SELECT notes FROM strategy_comparison');
    await service.sql("UPDATE applied_migrations SET sha256 = 'of another release' WHERE name = $1", [ROUTINES]);
    expect(await deployed()).toEqual([ROUTINES]);
    expect(
      await service.sql("SELECT has_table_privilege('pg_monitor', 'strategy_comparison', 'SELECT') AS kept"),
    ).toEqual([{ kept: true }]);
    expect(await service.sql('SELECT * FROM of_a_user')).toEqual([]);
    await service.sql('DROP VIEW of_a_user');
  });
});

describe('migrations', () => {
  const first = { name: '0001_a_column.sql', text: 'ALTER TABLE bots ADD COLUMN made_up integer;' };
  const second = { name: '0002_its_values.sql', text: 'UPDATE bots SET made_up = 7;' };
  const broken = { name: '0002_its_values.sql', text: 'UPDATE bots SET made_up = nothing;' };

  test('are applied once, in order, to a database with data; after a failure the next run continues', async () => {
    expect((await saved()).status).toBe(201);
    await expect(broughtTo({ migrations: [first, broken] })).rejects.toThrow('nothing');
    expect(await service.sql('SELECT made_up FROM bots')).toEqual([{ made_up: null }]);
    expect(await broughtTo({ migrations: [first, second] })).toEqual([second.name]);
    expect(await service.sql('SELECT made_up FROM bots')).toEqual([{ made_up: 7 }]);
    expect(await broughtTo({ migrations: [first, second] })).toEqual([]);
  });

  test('keep the previous release working, so that it can be rolled back to', async () => {
    expect(await deployed()).toEqual([]);
    expect((await saved()).status).toBe(201);
  });

  test('that have changed since they were applied are rejected', async () => {
    await expect(broughtTo({ migrations: [{ ...first, text: `${first.text} -- more` }] })).rejects.toThrow(
      '0001_a_column.sql has changed since it was applied',
    );
  });

  test('are part of a new database from the start', async () => {
    const other = await startService();
    const applied = "SELECT name FROM applied_migrations WHERE name LIKE '0%'";
    const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    for (const { tablename } of await other.sql<{ tablename: string }>(tables))
      await other.sql(`DROP TABLE ${tablename} CASCADE`);
    await other.sql('DROP TYPE allocation, trade_part CASCADE');
    const parts = schema.parts.map(({ name, text }) => ({
      name,
      text: text.replace(
        'created_at timestamptz NOT NULL DEFAULT clock_timestamp()\n);',
        'created_at timestamptz NOT NULL DEFAULT clock_timestamp(), made_up integer\n);',
      ),
    }));
    expect(await broughtTo({ parts, migrations: [first] })).toEqual([ROUTINES, first.name]);
    expect(await other.sql(applied)).toEqual([{ name: first.name }]);
    expect(await broughtTo({ parts, migrations: [first] })).toEqual([]);
  });
});

test('when a user’s own view depends on an old function, nothing is replaced, and the error names the view', async () => {
  await service.sql('DROP VIEW strategy_comparison; DROP FUNCTION snapshot_performance');
  await service.sql(
    "CREATE FUNCTION snapshot_performance(p_bot_id text, p_as_of timestamptz, p_through date) RETURNS integer LANGUAGE sql AS 'SELECT 7'",
  );
  await service.sql("CREATE VIEW of_a_user AS SELECT snapshot_performance(NULL, now(), 'infinity')");
  await service.sql("UPDATE applied_migrations SET sha256 = 'of another release' WHERE name = $1", [ROUTINES]);
  await expect(deployed()).rejects.toThrow('of_a_user');
  expect(await service.sql('SELECT * FROM of_a_user')).toEqual([{ snapshot_performance: 7 }]);
  await service.sql('DROP VIEW of_a_user');
  expect(await deployed()).toEqual([ROUTINES]);
});

test('a database of version 0.1 is rejected with instructions for moving its data', async () => {
  await service.sql(
    "INSERT INTO applied_migrations (name, sha256) VALUES ('0001_bots_and_the_trading_calendar.sql', 'x')",
  );
  await expect(deployed()).rejects.toThrow(/npm run export[\s\S]*npm run restore/);
});
