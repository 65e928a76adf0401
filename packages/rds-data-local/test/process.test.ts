import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockDirectory } from '../src/engines/directory-lock.ts';
import { startDataApiProcess } from '../src/process/process.ts';
import { cluster } from './support/cluster.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-api-process-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a directory that cannot be created gives a clear error', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  expect(() => lockDirectory(join(file, 'data'))).toThrow(/^the data directory .+ cannot be written: ENOTDIR/);
});

test.skipIf(!existsSync('/proc'))('a full disk gives a clear error', () => {
  expect(() => lockDirectory('/proc')).toThrow('the disk of /proc is full: 0 MB are free, 100 MB are needed');
});

test('an unreachable server gives a clear error without its password', async () => {
  const started = startDataApiProcess({
    engine: { databaseUrl: 'postgres://me:secret@127.0.0.1:1/none' },
    cluster,
  });
  await expect(started).rejects.toThrow(
    /^the database at postgres:\/\/127.0.0.1:1\/none does not answer: .*ECONNREFUSED/,
  );
});

test('a released lock can be taken again', () => {
  const taken = join(directory, 'taken');
  const lock = lockDirectory(taken);
  expect(() => lockDirectory(taken)).toThrow('is in use by another process');
  lock.release();
  lockDirectory(taken).release();
});
