import type { TestProject } from 'vitest/node';
import { runMigrations } from '../../local/run-migrations.ts';
import { openPostgresServer } from '../../packages/rds-data-local/src/engines/postgres.ts';
import { startSecrets } from '../../packages/rds-data-local/src/secrets.ts';
import { startDataApi } from '../../packages/rds-data-local/src/server.ts';
import { startPostgresServer } from './postgres-server.ts';

/** Starts one real server and migrates a database of it; every test file gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Plans follow statistics: they are made when a test says so, not when it happens to take long.
  const server = await startPostgresServer(['autovacuum=off']);
  const engine = await openPostgresServer(server.url);
  const master = await engine.connect('master');
  await master.query('CREATE DATABASE template');
  master.release();
  await engine.close();

  const template = new URL('/template', server.url).href;
  const migrated = await openPostgresServer(template);
  const dataApi = await startDataApi({ port: 0, engine: migrated });
  const secrets = await startSecrets({ port: 0 });
  await runMigrations({ dataApi: dataApi.url, secrets: secrets.url, ses: dataApi.url }, 'UTC');
  await Promise.all([dataApi.close(), secrets.close()]);
  await migrated.close();
  project.provide('server', server.url);
  return server.stop;
}
