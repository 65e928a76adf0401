import { openPostgresServer, startDataApi } from '@strategy-snapshots/rds-data-local';
import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sql } from '../../../functions/database/sql.ts';
import { operations } from '../../../functions/operations.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { localCluster } from '../../../local/database.ts';
import { runMigrations } from '../../../local/run-migrations.ts';
import { computed, history, idsOf, posted, reading, writing } from '../../reliability/cases.ts';
import { sendAll } from '../../reliability/writes.ts';
import { startPostgresServer } from '../../support/postgres-server.ts';
import { startService } from '../../support/service.ts';

// As on Aurora: the owner is no superuser, every role logs in with its own password, and the database sorts by a locale of ICU.
const server = await startPostgresServer([], 'superuser');
const running = [server.stop];
// Registered before anything can fail.
afterAll(async () => {
  for (const stop of running.toReversed()) await stop();
});
await asSuperuser("CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'owner'");
await asSuperuser(
  "CREATE DATABASE strategies OWNER owner TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
);
const url = Object.assign(new URL('/strategies', server.url), { username: 'owner', password: 'owner' }).href;
const engine = await openPostgresServer(url);
running.push(engine.close);
const dataApi = await startDataApi({ engine, cluster: localCluster(url) });
running.push(dataApi.close);
const { applied } = await runMigrations({ database: dataApi.url, ses: dataApi.url }, 'Europe/Berlin');
const service = await startService({ on: { engine, url: dataApi.url } });

async function asSuperuser(statement: string): Promise<void> {
  const client = new Client(server.url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

describe('with an owner that is no superuser, a login of the role app, and a locale of ICU', () => {
  test('the schema is created, and the functions log in as app', async () => {
    expect(applied.length).toBeGreaterThan(0);
    expect(
      await service.sql(
        'SELECT current_user::text AS name, rolsuper, datlocprovider AS provider FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()',
      ),
    ).toEqual([{ name: 'owner', rolsuper: false, provider: 'i' }]);
    const Login = z.object({ session: z.string(), current: z.string() });
    const login = sql`SELECT session_user::text AS session, current_user::text AS current`;
    expect(await service.database.one(Login, login)).toEqual({ session: 'app', current: 'app' });
  });

  test('migrating again changes nothing', async () => {
    expect((await runMigrations({ database: dataApi.url, ses: dataApi.url }, 'Europe/Berlin')).applied).toEqual([]);
  });

  test('every operation succeeds', async () => {
    await sendAll(service.call, posted('bot'));
    const ids = await idsOf(service.call, 'bot');
    const done = new Set<string>();
    for (const [id, write] of Object.entries(writing)) {
      await sendAll(service.call, [write('bot', ids)]);
      done.add(id);
    }
    await sendAll(service.call, [computed('bot')]);
    // The experiment has been stopped; the trade was made after `ids`.
    const now = { ...(await idsOf(service.call, 'bot')), experiment_id: ids.experiment_id };
    for (const [id, { route, ...sending }] of Object.entries(reading('bot', now))) {
      const { status, body } = await service.call(route, sending);
      expect(status, `${id}: ${JSON.stringify(body)}`).toBe(200);
      done.add(id);
    }
    expect([...done].sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  test('the night is summarised', async () => {
    const at = `${dayAfter(history.to)}T00:05:00Z`;
    const { run_id } = await service.fire('daily-summary', at);
    const Run = z.object({ outcome: z.string() });
    expect(
      await service.database.one(Run, sql`SELECT outcome FROM summary_runs WHERE run_id = ${Number(run_id)}`),
    ).toEqual({ outcome: 'succeeded' });
  });

  test('the role app can write to no table', async () => {
    const Row = z.object({ bot_id: z.string() });
    await expect(service.database.many(Row, sql`DELETE FROM bots RETURNING bot_id`)).rejects.toThrow(
      /permission denied for table bots/,
    );
  });
});
