import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatementTimeoutException, TransactionNotFoundException } from '@aws-sdk/client-rds-data';
import { afterAll, describe, expect, test } from 'vitest';
import { lockDirectory } from '../src/engines/directory-lock.ts';
import { openPGlite } from '../src/engines/pglite.ts';
import { startDataApiProcess } from '../src/process/process.ts';
import { startDataApi } from '../src/server.ts';
import { dataApiContract } from './contract/contract.ts';
import { dataApiAt, fieldOf } from './support/client.ts';
import { cluster } from './support/cluster.ts';

const directory = await mkdtemp(join(tmpdir(), 'data-api-'));
const engine = await openPGlite({ extensions: ['btree_gist'] });
const endpoint = await startDataApi({ engine, cluster });
const impatient = await startDataApi({ engine, cluster, statementSeconds: 0.02, transactionIdleSeconds: 0.1 });
const hasty = await startDataApi({ engine, cluster, statementSeconds: 0.02 });
afterAll(async () => {
  await endpoint.close();
  await impatient.close();
  await hasty.close();
  await engine.close();
  await rm(directory, { recursive: true });
});

describe('the Data API over PGlite', () => {
  const api = dataApiAt(endpoint.url);
  dataApiContract(api);

  test('a call outside a transaction waits while one is open', async () => {
    const id = await api.begin();
    const order: string[] = [];
    const outside = api.execute('SELECT 1').then(() => order.push('outside'));
    await api.execute('SELECT 1', [], { transactionId: id }).then(() => order.push('inside'));
    await api.commit(id);
    await outside;
    expect(order).toEqual(['inside', 'outside']);
  });

  test('a transaction that is idle too long is rolled back, and other calls continue', async () => {
    const id = await dataApiAt(impatient.url).begin();
    expect(await fieldOf(api, 'SELECT 1')).toEqual({ longValue: 1 });
    await expect(dataApiAt(impatient.url).commit(id)).rejects.toThrow(TransactionNotFoundException);
  });

  test('a statement that takes too long is rejected when it is done', async () => {
    const slow = dataApiAt(impatient.url).execute('SELECT count(*) FROM generate_series(1, 200000)');
    await expect(slow).rejects.toThrow(StatementTimeoutException);
  });

  test('a statement that takes too long ends its transaction, as a server does', async () => {
    const hurried = dataApiAt(hasty.url);
    const transactionId = await hurried.begin();
    const slow = hurried.execute('SELECT count(*) FROM generate_series(1, 200000)', [], { transactionId });
    await expect(slow).rejects.toThrow(StatementTimeoutException);
    await expect(hurried.commit(transactionId)).rejects.toThrow(TransactionNotFoundException);
  });

  test('a requested extension is available', async () => {
    await api.execute('CREATE EXTENSION btree_gist');
    await api.execute('CREATE TABLE apart (k text, p tstzrange, EXCLUDE USING gist (k WITH =, p WITH &&))');
    await expect(api.execute('CREATE EXTENSION citext')).rejects.toThrow('extension "citext" is not available');
    await expect(openPGlite({ extensions: ['postgis_of_old'] })).rejects.toThrow(
      'PGlite has no extension postgis_of_old',
    );
  });

  test('a process that starts from a dump keeps its data, and locks the directory against other processes', async () => {
    await api.execute('CREATE TABLE dumped AS SELECT 1 AS n');
    const template = join(directory, 'template.tar');
    await writeFile(template, (await engine.dump()).stream());

    const dataDir = join(directory, 'data');
    const database = await startDataApiProcess({ engine: { dataDir, template, extensions: ['btree_gist'] }, cluster });
    await dataApiAt(database.url).execute('UPDATE dumped SET n = 2');
    await expect(startDataApiProcess({ engine: { dataDir }, cluster })).rejects.toThrow(
      `${dataDir} is in use by another process`,
    );
    await database.stop();

    lockDirectory(dataDir).release();
    const reopened = await openPGlite({ dataDir: join(dataDir, 'postgres'), extensions: ['btree_gist'] });
    const client = await reopened.connect();
    expect((await client.query('SELECT n FROM dumped')).rows).toEqual([{ n: 2 }]);
    client.release();
    await reopened.close();
  });
});
