import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { migratedUrl } from '../support/database.ts';
import { client, clientTools, pythonWithTools } from '../support/python-tools.ts';

const all = readdirSync(`${client}tests`)
  .filter((file) => /^test_\w+\.py$/.test(file))
  .map((file) => file.replace('.py', ''));
const needFreqtrade = all.filter((module) => module.startsWith('test_freqtrade'));
const modules = all.filter((module) => !needFreqtrade.includes(module));

const isNewEnough = ['-c', 'import sqlite3, sys; sys.exit(sys.version_info < (3, 10))'];
const hasPython = spawnSync('python3', isNewEnough).status === 0;

/** Outside of this run's temporary files, since checking freqtrade's types takes long. */
const cacheOfTypes = join(clientTools.environment, 'mypy-cache');

test('the Python client has tests', () => expect(modules).toContain('test_service'));

describe.skipIf(!hasPython)(
  `the Python client${hasPython ? '' : ' (skipped: python3 of at least 3.10 is not here)'}`,
  () => {
    test.concurrent.each(modules)('%s', (module) => expectToPass('python3', module));
  },
);

describe.skipIf(!pythonWithTools)(
  `the Python client${pythonWithTools ? '' : ' (skipped: npm run python-tools has not been run)'}`,
  () => {
    const tools = pythonWithTools ?? '';

    test.concurrent.each(needFreqtrade)('with the real freqtrade: %s', (module) => expectToPass(tools, module));

    test.concurrent.each([
      ['has strict types', ['mypy', '--no-error-summary', '--cache-dir', cacheOfTypes, 'strategy_snapshots', 'tests']],
      ['is free of lint', ['ruff', 'check', '--no-cache', '--quiet', '.']],
      ['is formatted', ['ruff', 'format', '--no-cache', '--quiet', '--check', '.']],
    ])('%s', async (_, args) => {
      const { code, output } = await python(tools, '-m', ...args);
      expect(code, output).toBe(0);
    });

    test('is a wheel with its types and its list of secrets, which works when it is installed', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'strategy-snapshots-wheel-'));
      afterAll(() => rmSync(folder, { recursive: true }));
      // Building leaves files next to the source.
      cpSync(client, join(folder, 'source'), { recursive: true });
      const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
      const offline = ['--no-deps', '--no-index', '--no-build-isolation'];
      const built = await python(tools, ...pip, 'wheel', ...offline, '--wheel-dir', folder, join(folder, 'source'));
      expect(built.code, built.output).toBe(0);
      const [wheel = ''] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
      const installed = join(folder, 'installed');
      await python(tools, ...pip, 'install', ...offline, '--target', installed, join(folder, wheel));
      expect(readdirSync(join(installed, 'strategy_snapshots'))).toEqual(
        expect.arrayContaining(['py.typed', 'secrets.json', 'freqtrade.py']),
      );
      const script = `import sys; sys.path.insert(0, ${JSON.stringify(installed)}); from strategy_snapshots.values import settings_of; print(settings_of({"key": "x"}))`;
      expect((await python(tools, '-I', '-c', script)).output).toBe("{'key': '[redacted]'}\n");
    });
  },
);

async function expectToPass(interpreter: string, module: string): Promise<void> {
  const { code, output } = await python(interpreter, '-m', 'unittest', `tests.${module}`);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^Ran [1-9]\d* tests? in /m);
}

async function python(interpreter: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(interpreter, args, {
    cwd: client,
    env: { ...process.env, NODE: process.execPath, DATABASE_URL: await migratedUrl(), PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}
