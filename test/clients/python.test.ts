import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { migratedUrl } from '../support/database.ts';

const client = fileURLToPath(new URL('../../clients/python/', import.meta.url));
const modules = readdirSync(`${client}tests`)
  .filter((file) => /^test_\w+\.py$/.test(file))
  .map((file) => file.replace('.py', ''));

const isNewEnough = ['-c', 'import sqlite3, sys; sys.exit(sys.version_info < (3, 10))'];
const hasPython = spawnSync('python3', isNewEnough).status === 0;

test('the Python client has tests', () => expect(modules).toContain('test_service'));

describe.skipIf(!hasPython)(
  `the Python client${hasPython ? '' : ' (skipped: python3 of at least 3.10 is not here)'}`,
  () => {
    test.concurrent.each(modules)(
      '%s',
      async (module) => {
        const { code, output } = await python('-m', 'unittest', `tests.${module}`);
        expect(code, output).toBe(0);
        expect(output).toMatch(/^Ran [1-9]\d* tests? in /m);
      },
      120_000,
    );
  },
);

async function python(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn('python3', args, {
    cwd: client,
    env: { ...process.env, NODE: process.execPath, DATABASE_URL: await migratedUrl(), PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}
