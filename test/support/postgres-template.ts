import { openPostgresServer } from '@strategy-snapshots/rds-data-local';
import type { TestProject } from 'vitest/node';
import { runMigrations } from '../../local/run-migrations.ts';
import { dataApiOver } from './data-api.ts';
import { startPostgresServer } from './postgres-server.ts';

/** Starts a PostgreSQL server and migrates one database; every test file gets a copy of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // No autovacuum: plans depend on statistics, which tests update explicitly.
  // Four workers have several services each, with up to 20 connections a login.
  const server = await startPostgresServer(['autovacuum=off', 'max_connections=500']);
  const engine = await openPostgresServer(server.url);
  const owner = await engine.connect();
  await owner.query('CREATE DATABASE template');
  owner.release();
  await engine.close();

  const migrated = await openPostgresServer(new URL('/template', server.url).href);
  const { url, close } = await dataApiOver(migrated);
  await runMigrations({ database: url, ses: url }, 'UTC');
  await close();
  await migrated.close();
  project.provide('server', server.url);
  return server.stop;
}
