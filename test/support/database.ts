import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { inject } from 'vitest';
import type { Engine } from '../../packages/rds-data-local/src/engines/engine.ts';
import { openPGlite } from '../../packages/rds-data-local/src/engines/pglite.ts';
import { openPostgresServer } from '../../packages/rds-data-local/src/engines/postgres.ts';

/** A migrated database for one test file, on the engine of its project. */
export async function migratedDatabase(): Promise<Engine> {
  if (process.env.ENGINE === 'pglite') return openPGlite({ template: await openAsBlob(inject('template')) });
  return openPostgresServer(await migratedUrl());
}

/** The addresses of new databases on the real server: one that is migrated, one that is empty. */
export const migratedUrl = (): Promise<string> => created('TEMPLATE template');
export const emptyUrl = (): Promise<string> => created('');

async function created(from: string): Promise<string> {
  const server = inject('server');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const engine = await openPostgresServer(server);
  const master = await engine.connect('master');
  await master.query(`CREATE DATABASE ${name} ${from}`);
  master.release();
  await engine.close();
  return new URL(`/${name}`, server).href;
}
