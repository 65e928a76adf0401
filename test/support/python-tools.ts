import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Python client. */
export const client = fileURLToPath(new URL('../../clients/python/', import.meta.url));

/** A set of Python packages, and where they are installed: outside of this folder, once for each content of the list. */
export interface PythonTools {
  readonly requirements: string;
  readonly environment: string;
  /** The Python that has them; null where `npm run python-tools` has not installed them. */
  readonly python: string | null;
}

function toolsIn(name: string, requirements: string): PythonTools {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const environment = join(cache, 'strategy-snapshots', `${name}-${version}`);
  const python = existsSync(join(environment, 'complete')) ? join(environment, 'bin', 'python') : null;
  return { requirements, environment, python };
}

/** freqtrade, mypy and ruff, for the Python client. */
export const clientTools = toolsIn('python-tools', join(client, 'requirements-tests.txt'));

/** cfn-lint, moto and botocore, for the templates and the commands of the runbook. */
export const awsTools = toolsIn('aws-tools', fileURLToPath(new URL('../infra/requirements.txt', import.meta.url)));

/** The Python for the tests of the client. */
export const pythonWithTools = clientTools.python;
