import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { type Engine, openPGlite, openPostgresServer } from '@strategy-snapshots/rds-data-local';
import { inject } from 'vitest';
import { PGLITE_EXTENSIONS } from '../../local/database.ts';

/** Creates a migrated database for one test file, on the engine of its project. */
export async function migratedDatabase(): Promise<Engine> {
  if (process.env.ENGINE === 'pglite') {
    return openPGlite({ template: await openAsBlob(inject('template')), extensions: PGLITE_EXTENSIONS });
  }
  return openPostgresServer(await migratedUrl());
}

/** Creates two databases on the real server, one migrated and one empty. @returns their URLs */
export const migratedUrl = (): Promise<string> => created('TEMPLATE template');
export const emptyUrl = (): Promise<string> => created('');

async function created(from: string): Promise<string> {
  const server = inject('server');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const engine = await openPostgresServer(server);
  const owner = await engine.connect();
  await owner.query(`CREATE DATABASE ${name} ${from}`);
  owner.release();
  await engine.close();
  return new URL(`/${name}`, server).href;
}
