import { StatementTimeoutException, TransactionNotFoundException } from '@aws-sdk/client-rds-data';
import { afterAll, describe, expect, test } from 'vitest';
import { openPostgresServer } from '../src/engines/postgres.ts';
import { startDataApi } from '../src/server.ts';
import { dataApiContract } from './contract/contract.ts';
import { limits } from './contract/limits.ts';
import { dataApiAt, fieldOf } from './support/client.ts';
import { cluster, OWNER_PASSWORD } from './support/cluster.ts';
import { startPostgresServer } from './support/postgres-server.ts';

const server = await startPostgresServer([], OWNER_PASSWORD);
const engine = await openPostgresServer(server.url);
const endpoint = await startDataApi({ engine, cluster });
const impatientEngine = await openPostgresServer(server.url, { statementSeconds: 0.2 });
const impatient = await startDataApi({
  engine: impatientEngine,
  cluster,
  statementSeconds: 0.2,
  transactionIdleSeconds: 0.1,
});
afterAll(async () => {
  await endpoint.close();
  await impatient.close();
  await engine.close();
  await impatientEngine.close();
  await server.stop();
});

describe('the Data API over a PostgreSQL server', () => {
  const api = dataApiAt(endpoint.url);
  const hurried = dataApiAt(impatient.url);
  dataApiContract(api);
  limits(api);

  test('a wrong password is rejected', async () => {
    await api.execute("ALTER ROLE reader PASSWORD 'another'");
    const { url, close } = await startDataApi({ engine: await openPostgresServer(server.url), cluster });
    await expect(dataApiAt(url, 'reader').execute('SELECT 1')).rejects.toMatchObject({
      name: 'DatabaseErrorException',
      message: 'ERROR: password authentication failed for user "reader"; SQLState: 28P01',
    });
    await close();
  });

  test('the parts of its URL may have any characters', async () => {
    await api.execute('CREATE ROLE "r:/@?" LOGIN PASSWORD \'p:/@?#%\'');
    const login = { username: 'r:/@?', password: 'p:/@?#%' };
    const client = await engine.connect({ login, database: 'postgres' });
    expect((await client.query('SELECT current_user::text AS name')).rows).toEqual([{ name: 'r:/@?' }]);
    client.release();
  });

  test('calls in different transactions run concurrently', async () => {
    const [one, other] = [await api.begin(), await api.begin()];
    await api.execute('SELECT pg_advisory_xact_lock(1)::text', [], { transactionId: one });
    expect(await fieldOf(api, 'SELECT pg_try_advisory_xact_lock(1)')).toEqual({ booleanValue: false });
    await api.rollback(one);
    await api.rollback(other);
  });

  test('a transaction that is idle too long is rolled back', async () => {
    const id = await hurried.begin();
    await expect.poll(() => fieldOf(api, idleTransactions)).toEqual({ longValue: 0 });
    await expect(hurried.commit(id)).rejects.toThrow(TransactionNotFoundException);
  });

  test('a statement that takes too long is cancelled', async () => {
    await expect(hurried.execute('SELECT pg_sleep(5)::text')).rejects.toThrow(StatementTimeoutException);
    expect(await fieldOf(api, runningSleeps)).toEqual({ longValue: 0 });
  });

  test('a statement with continueAfterTimeout is answered in time, and continues', async () => {
    const slow = 'CREATE TABLE slow AS SELECT pg_sleep(0.5)::text AS slept';
    await expect(hurried.execute(slow, [], { continueAfterTimeout: true })).rejects.toThrow(StatementTimeoutException);
    expect(await fieldOf(api, runningSleeps)).toEqual({ longValue: 1 });
    await expect.poll(() => fieldOf(api, "SELECT to_regclass('slow') IS NOT NULL")).toEqual({ booleanValue: true });
  });

  test('sessions lost with the server fail with DatabaseUnavailable, and new ones replace them', async () => {
    const id = await api.begin();
    await api.execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    const lost = await api.post('/Execute', { sql: 'SELECT 1', transactionId: id });
    expect(lost).toMatchObject({ status: 504, error: 'DatabaseUnavailableException' });
    expect(await fieldOf(api, 'SELECT 1')).toEqual({ longValue: 1 });
  });
});

const idleTransactions = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'";
const runningSleeps =
  "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
