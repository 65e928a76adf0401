import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { inject } from 'vitest';
import type { Engine } from '../../infra/local/postgres/engine.ts';
import { openPGlite } from '../../infra/local/postgres/pglite.ts';
import { openPostgresServer } from '../../infra/local/postgres/server.ts';

/** A migrated database for one test file, on the engine of its project. */
export async function migratedDatabase(): Promise<Engine> {
  if (process.env.ENGINE === 'pglite') return openPGlite({ template: await openAsBlob(inject('template')) });
  return openPostgresServer(await migratedUrl());
}

/** The address of a migrated database of its own on the real server. */
export async function migratedUrl(): Promise<string> {
  const server = inject('server');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const engine = await openPostgresServer(server);
  const master = await engine.connect('master');
  await master.query(`CREATE DATABASE ${name} TEMPLATE template`);
  master.release();
  await engine.close();
  return new URL(`/${name}`, server).href;
}
