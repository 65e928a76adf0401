import { openAsBlob } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openPGlite } from '../src/engines/pglite.ts';
import type { FaultSettings } from '../src/faults/fault.ts';
import { openFaults } from '../src/faults/faults.ts';
import { startDataApi } from '../src/server.ts';
import { dataApiAt, fieldOf } from './support/client.ts';
import { cluster } from './support/cluster.ts';
import { initialisedPGlite } from './support/initialised.ts';

let now = 0;
const faults = openFaults([], () => now);
const engine = await openPGlite({ template: await openAsBlob(await initialisedPGlite()) });
const endpoint = await startDataApi({ engine, cluster, faults, faultRoutes: true });
const api = dataApiAt(endpoint.url);
afterAll(async () => {
  await endpoint.close();
  await engine.close();
});
beforeEach(() => faults.clear());

const one = () => fieldOf(api, 'SELECT 1');

describe('a fault', () => {
  test('pauses the cluster, which resumes some seconds after the first call', async () => {
    faults.add({ name: 'DatabaseResumingException', for_seconds: 15 });
    now += 60_000;
    await expect(one()).rejects.toMatchObject({
      name: 'DatabaseResumingException',
      $metadata: { httpStatusCode: 400 },
    });
    now += 14_999;
    await expect(one()).rejects.toThrow('resuming after being auto-paused');
    now += 1;
    expect(await one()).toEqual({ longValue: 1 });
  });

  test('throttles a number of calls, then gives way to the next fault, then to none', async () => {
    faults.add({ name: 'ThrottlingException', times: 2 });
    faults.add({ name: 'ForbiddenException', message: 'not today', times: 1 });
    for (const expected of ['Rate exceeded', 'Rate exceeded', 'not today'])
      await expect(one()).rejects.toThrow(expected);
    expect(await one()).toEqual({ longValue: 1 });
  });

  test('with per_request affects each request equally often, regardless of other requests', async () => {
    const before = faults.met();
    faults.add({ name: 'DatabaseResumingException', times: 1, per_request: true });
    for (const sql of ['SELECT 1', 'SELECT 2']) {
      await expect(api.execute(sql)).rejects.toMatchObject({ name: 'DatabaseResumingException' });
    }
    for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 1']) await expect(api.execute(sql)).resolves.toBeDefined();
    expect(faults.met() - before).toBe(2);
  });

  test('of one operation leaves the others working', async () => {
    faults.add({ name: 'ServiceUnavailableError', operation: 'BeginTransaction' });
    await expect(api.begin()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(await one()).toEqual({ longValue: 1 });
  });

  test('after the statement loses the answer of a statement that has run', async () => {
    await api.execute('CREATE TABLE lost (n int)');
    faults.add({ name: 'ConnectionReset', after: true, times: 1 });
    await expect(api.execute('INSERT INTO lost VALUES (1)')).rejects.toMatchObject({ code: 'ECONNRESET' });
    faults.add({ name: 'ConnectionReset', times: 1 });
    await expect(api.execute('INSERT INTO lost VALUES (1)')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await fieldOf(api, 'SELECT count(*) FROM lost')).toEqual({ longValue: 1 });
  });

  test('delays an answer, or holds it until the faults are cleared', async () => {
    faults.add({ name: 'Slow', delay_ms: 30, times: 1 });
    const started = performance.now();
    expect(await one()).toEqual({ longValue: 1 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);

    faults.add({ name: 'NoAnswer' });
    const unanswered = one();
    const settled = unanswered.then(
      () => 'answered',
      () => 'broken off',
    );
    expect(await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 30, 'waiting'))])).toBe('waiting');
    faults.clear();
    expect(await settled).toBe('broken off');
  });
});

describe('the route /_faults', () => {
  const route = async (method: string, body?: unknown) => {
    const response = await fetch(`${endpoint.url}/_faults`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json() };
  };

  test('adds, lists and clears faults', async () => {
    const fault: FaultSettings = { name: 'AccessDeniedException', times: 3 };
    expect(await route('POST', fault)).toEqual({ status: 200, body: { faults: [expect.objectContaining(fault)] } });
    await expect(one()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await route('GET')).body).toEqual({ faults: [expect.objectContaining(fault)] });
    expect((await route('DELETE')).body).toEqual({ faults: [] });
    expect(await one()).toEqual({ longValue: 1 });
  });

  test('names what is wrong with a fault', async () => {
    const { status, body } = await route('POST', { name: 'Sleepy', times: 0 });
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringMatching(/^name Invalid option.+; times /) });
  });

  test('does not exist by default', async () => {
    const closed = await startDataApi({ engine, cluster });
    const { status } = await fetch(`${closed.url}/_faults`);
    expect(status).toBe(404);
    await closed.close();
  });
});
