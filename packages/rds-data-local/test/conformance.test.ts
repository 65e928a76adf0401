import { openAsBlob } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases, postUnsigned, runCase, type Send, sendAs, withScratchDatabase } from '../src/conformance/index.ts';
import { openPGlite } from '../src/engines/pglite.ts';
import { openPostgresServer } from '../src/engines/postgres.ts';
import { startDataApi } from '../src/server.ts';
import { cluster, resourceArn, secretArns } from './support/cluster.ts';
import { initialisedPGlite } from './support/initialised.ts';
import { startPostgresServer } from './support/postgres-server.ts';
import { realCluster } from './support/real-cluster.ts';

const running: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of running.toReversed()) await stop();
});

async function engineOf(name: 'PGlite' | 'PostgreSQL 17') {
  if (name === 'PGlite') return openPGlite({ template: await openAsBlob(await initialisedPGlite()) });
  const server = await startPostgresServer();
  running.push(server.stop);
  return openPostgresServer(server.url);
}

describe.each([
  ['PGlite', 'one'],
  ['PostgreSQL 17', 'many'],
] as const)('over %s', (name, sessions) => {
  let send: Send;
  let sendTo: (database: string) => Send;

  beforeAll(async () => {
    const engine = await engineOf(name);
    const endpoint = await startDataApi({ engine, cluster });
    running.push(engine.close, endpoint.close);
    sendTo = (database) => sendAs({ resourceArn, secretArn: secretArns.owner, database }, postUnsigned, endpoint.url);
    send = sendTo('postgres');
  });

  test.each(cases)('$name', (each) => runCase(each, send, sessions));

  if (sessions === 'many')
    test('creates a temporary database for the cases, and drops it', async () => {
      const scratch = { sendTo, database: 'postgres', scratch: 'scratch_1' };
      await withScratchDatabase(scratch, async (sendToScratch) => {
        expect((await sendToScratch('/Execute', { sql: 'CREATE TABLE t AS SELECT 1 AS n' })).status).toBe(200);
      });
      const { body } = await sendTo('scratch_1')('/Execute', { sql: 'SELECT 1' });
      expect(body.message).toBe('ERROR: database "scratch_1" does not exist; SQLState: 3D000');
    });
});

const real = realCluster(process.env);
if (real) {
  test('over a real cluster, in a temporary database', async () => {
    const failures: string[] = [];
    await withScratchDatabase(real, async (send) => {
      for (const each of cases) {
        await runCase(each, send, 'many').catch((error) => failures.push(`${each.name}: ${error.message}`));
      }
    });
    expect(failures).toEqual([]);
  }, 900_000);
}
