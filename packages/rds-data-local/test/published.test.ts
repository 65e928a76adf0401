import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cluster, resourceArn, secretArns } from './support/cluster.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let directory = '';
let installed = '';

/** Recreates an empty folder after `npm install`: the built package below node_modules, and its dependencies. */
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'published-')));
  installed = join(directory, 'node_modules', '@strategy-snapshots', 'rds-data-local');
  await mkdir(dirname(installed), { recursive: true });
  await run(process.execPath, [join(root, 'build.ts'), installed]);
  const { dependencies } = createRequire(import.meta.url)('../package.json') as { dependencies: object };
  for (const name of Object.keys(dependencies)) {
    const target = join(directory, 'node_modules', name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(root, '..', '..', 'node_modules', name), target);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('the published package runs without the repository: its command, its process and its cases', async () => {
  const help = await run(process.execPath, [join(installed, 'main.js'), '--help']);
  expect(help.stdout).toContain('--database-url <url>');

  const program = `
    import { startDataApiProcess } from '@strategy-snapshots/rds-data-local';
    import { cases, postUnsigned, sendAs } from '@strategy-snapshots/rds-data-local/conformance';
    const { url, stop } = await startDataApiProcess({ engine: {}, cluster: ${JSON.stringify(cluster)} });
    const caller = { resourceArn: '${resourceArn}', secretArn: '${secretArns.owner}', database: 'postgres' };
    const { body } = await sendAs(caller, postUnsigned, url)('/Execute', { sql: 'SELECT 1' });
    console.log(JSON.stringify({ records: body.records, cases: cases.length > 100 }));
    await stop();`;
  await writeFile(join(directory, 'program.mjs'), program);
  const { stdout } = await run(process.execPath, [join(directory, 'program.mjs')]);
  expect(JSON.parse(stdout)).toEqual({ records: [[{ longValue: 1 }]], cases: true });
});
