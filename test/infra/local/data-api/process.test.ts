import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockDirectory } from '../../../../infra/local/postgres/directory-lock.ts';
import { startDataApiProcess } from '../../../../infra/local/postgres/process.ts';
import { dataApiAt, fieldOf } from './client.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-api-process-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('the process keeps its data over a restart, and nobody else opens it meanwhile', async () => {
  const dataDir = join(directory, 'data');
  const first = await startDataApiProcess({ dataDir });
  await dataApiAt(first.url).execute('CREATE TABLE kept AS SELECT 1 AS n');
  await expect(startDataApiProcess({ dataDir })).rejects.toThrow(`${dataDir} is in use by another process`);
  await first.stop();

  const second = await startDataApiProcess({ dataDir });
  expect(await fieldOf(dataApiAt(second.url), 'SELECT n FROM kept')).toEqual({ longValue: 1 });
  await second.stop();
}, 30_000);

test('a directory that cannot be written is a clear error', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(startDataApiProcess({ dataDir: join(file, 'data') })).rejects.toThrow(
    /data directory .+ cannot be written/,
  );
});

test('a server that does not answer is a clear error, without its password', async () => {
  const started = startDataApiProcess({ databaseUrl: 'postgres://me:secret@127.0.0.1:1/none' });
  await expect(started).rejects.toThrow(
    /^the database at postgres:\/\/127.0.0.1:1\/none does not answer: .*ECONNREFUSED/,
  );
});

test('a lock that is released can be taken again', () => {
  const taken = join(directory, 'taken');
  const lock = lockDirectory(taken);
  expect(() => lockDirectory(taken)).toThrow('is in use by another process');
  lock.release();
  lockDirectory(taken).release();
});
