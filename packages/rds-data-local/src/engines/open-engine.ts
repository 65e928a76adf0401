import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { whileSpaceLasts } from './disk-space.ts';
import type { Engine } from './engine.ts';
import { openPGlite } from './pglite.ts';
import { openPostgresServer } from './postgres.ts';

/** A PostgreSQL server, or else PGlite: on disk below `dataDir`, or in memory. */
export type EngineSettings =
  | { readonly databaseUrl: string }
  | {
      readonly dataDir?: string | undefined;
      /** The path of a dump that a new database starts from. */
      readonly template?: string | undefined;
      readonly extensions?: readonly string[] | undefined;
    };

interface Opening {
  /** Reports what the user should know, such as a full disk. */
  readonly say?: (notice: string) => void;
  /** Whether a database is opened only once it is used, so that one on a full disk can be waited for. */
  readonly onUse?: boolean;
}

/** @throws Error when the directory is in use, the disk is full, or the server does not answer */
export async function openEngine(
  settings: EngineSettings,
  { say = console.error, onUse = false }: Opening = {},
): Promise<Engine> {
  if ('databaseUrl' in settings) return openPostgresServer(settings.databaseUrl);
  const { dataDir, extensions } = settings;
  const template = settings.template ? await openAsBlob(settings.template) : undefined;
  if (!dataDir) return openPGlite({ template, extensions });

  const { lockDirectory } = await import('./directory-lock.ts');
  const { release } = lockDirectory(dataDir);
  try {
    const open = () => openPGlite({ dataDir: join(dataDir, 'postgres'), template, extensions });
    const engine = whileSpaceLasts(dataDir, open, say);
    if (!onUse) (await engine.connect()).release();
    return { ...engine, close: () => engine.close().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}
