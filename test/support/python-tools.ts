import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Python client. */
export const client = fileURLToPath(new URL('../../clients/python/', import.meta.url));

/** The packages, and where they are installed: outside of this folder, once for each content of the list. */
export const requirements = join(client, 'requirements-tests.txt');
const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
export const environment = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'strategy-snapshots',
  `python-tools-${version}`,
);

/** The Python that has freqtrade, mypy and ruff; null where `npm run python-tools` has not installed them. */
export const pythonWithTools = existsSync(join(environment, 'complete')) ? join(environment, 'bin', 'python') : null;
