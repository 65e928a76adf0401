import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPGlite } from '@strategy-snapshots/rds-data-local';
import type { TestProject } from 'vitest/node';
import { PGLITE_EXTENSIONS } from '../../local/database.ts';
import { runMigrations } from '../../local/run-migrations.ts';
import { initialisedPGlite } from '../../packages/rds-data-local/test/support/initialised.ts';
import { dataApiOver } from './data-api.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The dump of a migrated PGlite. */
    template: string;
    /** Address of a real server with a migrated database named `template`. */
    server: string;
  }
}

/** Migrates a PGlite database once; every test file starts from its dump. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-'));
  const engine = await openPGlite({
    template: await openAsBlob(await initialisedPGlite()),
    extensions: PGLITE_EXTENSIONS,
  });
  const { url, close } = await dataApiOver(engine);
  await runMigrations({ database: url, ses: url }, 'UTC');
  const template = join(directory, 'template.tar');
  await writeFile(template, (await engine.dump()).stream());
  await close();
  await engine.close();
  project.provide('template', template);
  return () => rm(directory, { recursive: true });
}
