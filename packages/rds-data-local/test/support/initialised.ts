import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPGlite } from '../../src/engines/pglite.ts';

/** The dump of an empty PGlite, made once per run of the tests: initialising a database takes three CPU seconds, and loading a dump less than
 *  half of one. @returns its path */
export async function initialisedPGlite(): Promise<string> {
  const path = join(tmpdir(), 'initialised-pglite.tar');
  if (existsSync(path)) return path;
  const engine = await openPGlite();
  const own = `${path}.${process.pid}`;
  await writeFile(own, (await engine.dump()).stream());
  await engine.close();
  // Two workers may make one at once.
  await rename(own, path);
  return path;
}

/** Makes a directory the data directory of an empty PGlite, as its first start does. @returns the directory */
export async function initialiseDataDirectory(directory: string): Promise<string> {
  const data = join(directory, 'postgres');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await promisify(execFile)('tar', ['-xf', await initialisedPGlite(), '-C', data]);
  return directory;
}
