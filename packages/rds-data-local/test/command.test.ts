import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialiseDataDirectory } from './support/initialised.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const children: ChildProcess[] = [];
let directory = '';
beforeAll(async () => {
  directory = await initialiseDataDirectory(await mkdtemp(join(tmpdir(), 'rds-data-local-')));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** The command, and its output once it is ready or has ended. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const ready = Promise.withResolvers<string>();
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Ctrl-C stops it.')) ready.resolve(output);
    });
  }
  ended.then(() => ready.resolve(output));
  return { child, ready: ready.promise, ended };
}

test('it prints the settings, answers, locks its directory against a second process, and stops on SIGINT', async () => {
  const first = start('--port', '0', '--data-dir', directory, '--fault', 'DatabaseResumingException,times=1');
  const output = await first.ready;
  const printed = (name: string) => new RegExp(`${name}[= ]+(\\S+)`).exec(output)?.[1] ?? `no ${name} in ${output}`;
  const call = async () => {
    const response = await fetch(`${printed('AWS_ENDPOINT_URL_RDS_DATA')}/Execute`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceArn: printed('resourceArn'),
        secretArn: printed('secretArn'),
        database: printed('database'),
        sql: 'SELECT 1',
      }),
    });
    return { status: response.status, body: await response.json() };
  };
  expect((await call()).body).toMatchObject({ message: expect.stringContaining('resuming') });
  expect(await call()).toMatchObject({ status: 200, body: { records: [[{ longValue: 1 }]] } });

  const second = start('--port', '0', '--data-dir', directory);
  expect(await second.ready).toBe(`rds-data-local: the data directory ${directory} is in use by another process\n`);
  expect(await second.ended).toBe(1);

  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
});

test('a port in use is a one-line error, and no process is left', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { ready, ended } = start('--port', String(port), '--data-dir', directory);
  expect(await ready).toBe(`rds-data-local: port ${port} is taken: choose another, or 0 for any free one\n`);
  expect(await ended).toBe(1);
  taken.close();
});

test('an unreachable server is a one-line error without its password', async () => {
  const { ready, ended } = start('--database-url', 'postgres://me:secret@127.0.0.1:1/none');
  expect(await ready).toMatch(
    /^rds-data-local: the database at postgres:\/\/127\.0\.0\.1:1\/none does not answer: .+\n$/,
  );
  expect(await ended).toBe(1);
});
