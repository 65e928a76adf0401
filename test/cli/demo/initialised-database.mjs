// Loaded into the process of the demo: the directory that it creates for its database has one already, which is empty.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const { mkdtemp } = fs;
fs.mkdtemp = async (prefix) => {
  const directory = await mkdtemp(prefix);
  const data = join(directory, 'postgres');
  await fs.mkdir(data, { mode: 0o700 });
  execFileSync('tar', ['-xf', process.env.INITIALISED_PGLITE, '-C', data]);
  return directory;
};
syncBuiltinESMExports();
