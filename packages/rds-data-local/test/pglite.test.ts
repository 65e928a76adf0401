import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatementTimeoutException, TransactionNotFoundException } from '@aws-sdk/client-rds-data';
import { afterAll, describe, expect, test } from 'vitest';
import { lockDirectory } from '../src/engines/directory-lock.ts';
import { openPGlite } from '../src/engines/pglite.ts';
import { startDataApiProcess } from '../src/process.ts';
import { startDataApi } from '../src/server.ts';
import { dataApiAt, fieldOf } from './client.ts';
import { dataApiContract } from './contract/contract.ts';

const directory = await mkdtemp(join(tmpdir(), 'data-api-'));
const engine = await openPGlite();
const endpoint = await startDataApi({ port: 0, engine });
const impatient = await startDataApi({ port: 0, engine, statementSeconds: 0.02, transactionIdleSeconds: 0.1 });
afterAll(async () => {
  await endpoint.close();
  await impatient.close();
  await engine.close();
  await rm(directory, { recursive: true });
});

describe('the Data API over PGlite', () => {
  const api = dataApiAt(endpoint.url);
  dataApiContract(api, 'one');

  test('a call outside a transaction waits while one is open', async () => {
    const id = await api.begin();
    const order: string[] = [];
    const outside = api.execute('SELECT 1').then(() => order.push('outside'));
    await api.execute('SELECT 1', [], { transactionId: id }).then(() => order.push('inside'));
    await api.commit(id);
    await outside;
    expect(order).toEqual(['inside', 'outside']);
  });

  test('a transaction that rests too long is rolled back, and lets the others go on', async () => {
    const id = await dataApiAt(impatient.url).begin();
    expect(await fieldOf(api, 'SELECT 1')).toEqual({ longValue: 1 });
    await expect(dataApiAt(impatient.url).commit(id)).rejects.toThrow(TransactionNotFoundException);
  });

  test('a statement that took too long is refused when it is done', async () => {
    const slow = dataApiAt(impatient.url).execute('SELECT count(*) FROM generate_series(1, 200000)');
    await expect(slow).rejects.toThrow(StatementTimeoutException);
  });

  test('periods can be kept apart with btree_gist', async () => {
    await api.execute('CREATE EXTENSION btree_gist');
    await api.execute('CREATE TABLE apart (k text, p tstzrange, EXCLUDE USING gist (k WITH =, p WITH &&))');
  });

  test('a process begun from a dump keeps its data, and no other one opens them meanwhile', async () => {
    await api.execute('CREATE TABLE dumped AS SELECT 1 AS n');
    const template = join(directory, 'template.tar');
    await writeFile(template, (await engine.dump()).stream());

    const dataDir = join(directory, 'data');
    const database = await startDataApiProcess({ dataDir, template });
    await dataApiAt(database.url).execute('UPDATE dumped SET n = 2');
    await expect(startDataApiProcess({ dataDir })).rejects.toThrow(`${dataDir} is in use by another process`);
    await database.stop();

    lockDirectory(dataDir).release();
    const reopened = await openPGlite({ dataDir: join(dataDir, 'postgres') });
    const client = await reopened.connect('master');
    expect((await client.query('SELECT n FROM dumped')).rows).toEqual([{ n: 2 }]);
    client.release();
    await reopened.close();
  }, 30_000);
});
