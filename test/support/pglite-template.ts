import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { runMigrations } from '../../local/run-migrations.ts';
import { openPGlite } from '../../packages/rds-data-local/src/engines/pglite.ts';
import { startSecrets } from '../../packages/rds-data-local/src/secrets.ts';
import { startDataApi } from '../../packages/rds-data-local/src/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The dump of a migrated PGlite. */
    template: string;
    /** A real server with a migrated database named `template`. */
    server: string;
  }
}

/** Migrates one PGlite; every test file starts from its dump. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-'));
  const engine = await openPGlite();
  const dataApi = await startDataApi({ port: 0, engine });
  const secrets = await startSecrets({ port: 0 });
  await runMigrations({ dataApi: dataApi.url, secrets: secrets.url, ses: dataApi.url }, 'UTC');
  const template = join(directory, 'template.tar');
  await writeFile(template, (await engine.dump()).stream());
  await Promise.all([dataApi.close(), secrets.close()]);
  await engine.close();
  project.provide('template', template);
  return () => rm(directory, { recursive: true });
}
