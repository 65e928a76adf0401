import { setTimeout as sleep } from 'node:timers/promises';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { expect, inject, test } from 'vitest';
import { migrate } from '../../functions/database/migrations.ts';
import { MASTER_SECRET_ARN, RESOURCE_ARN } from '../../infra/local/arns.ts';
import { startDataApi } from '../../infra/local/data-api/server.ts';
import { openPostgresServer } from '../../infra/local/postgres/server.ts';
import { startService } from '../support/service.ts';
import { historyOf } from './history.ts';
import { save, sendAll } from './writes.ts';

const service = await startService();
const { call, sql } = service;

test('a write that PostgreSQL breaks off in a deadlock runs again by itself, once', async () => {
  await sendAll(call, [save('a', { config: {} }), save('b', { config: {} })]);
  const fills = historyOf(1, { days: 1, ordersADay: 2 }).fills;
  const deadlocks = async () =>
    (
      await sql<{ n: number }>(
        'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()',
      )
    )[0]?.n;
  expect(await deadlocks()).toBe(0);

  // Somebody takes the two bots in the other order, as no function of ours does, and is patient: the write is broken off.
  const other = sql(`DO $do$ BEGIN
    SET LOCAL deadlock_timeout = '30s';
    PERFORM lock_bot('b'); PERFORM pg_sleep(0.5); PERFORM lock_bot('a');
  END $do$`);
  await sleep(150);
  const both = ['a', 'b'].flatMap((bot_id) => fills.map((fill) => ({ bot_id, ...fill })));
  const { status, body } = await call('POST /fills', { body: both });
  await other;
  expect({ status, body }).toEqual({
    status: 200,
    body: { accepted: both.length, updated: 0, duplicates: 0, rejected: [] },
  });
  await expect.poll(deadlocks, { timeout: 5_000 }).toBe(1);
});

test('two migrations of an empty database at once take turns, and a third finds nothing to do', async () => {
  await sql('CREATE DATABASE empty');
  const engine = await openPostgresServer(new URL('/empty', inject('server')).href);
  const dataApi = await startDataApi({ port: 0, engine });
  try {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const run = () =>
      migrate(
        new RDSDataClient({ endpoint: dataApi.url, region: 'us-east-1', credentials }),
        { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: 'postgres' },
        AbortSignal.timeout(30_000),
      );
    const [left = [], right = []] = await Promise.all([run(), run()]);
    const applied = await sql<{ name: string }>('SELECT name FROM applied_migrations ORDER BY name');
    expect([...left, ...right].toSorted()).toEqual(applied.map(({ name }) => name));
    expect(await run()).toEqual([]);
  } finally {
    await dataApi.close();
    await engine.close();
  }
});
