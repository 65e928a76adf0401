import { once } from 'node:events';
import { type RequestOptions, request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import { startDataApi } from '../src/server.ts';
import { cluster } from './support/cluster.ts';

const noEngine: Engine = { connect: () => Promise.reject(new Error('no engine')), close: async () => undefined };
const { url, close } = await startDataApi({ engine: noEngine, cluster, faultRoutes: true });
afterAll(() => close());

const json = { 'content-type': 'application/json' };

/** Sends a request without `fetch`, which sets the host itself. */
async function statusOf(method: string, path: string, headers: RequestOptions['headers']): Promise<number> {
  const body = method === 'POST' ? '{}' : undefined;
  const [response] = await once(request(`${url}${path}`, { method, headers }).end(body), 'response');
  response.resume();
  return response.statusCode;
}

test.each(['/Execute', '/_faults', '/'])(
  'a page that reaches loopback under its own host name is refused: %s',
  async (path) => {
    for (const host of ['attacker.example', 'localhost.attacker.example:8010', '127.0.0.1.attacker.example']) {
      expect(await statusOf('POST', path, { ...json, host })).toBe(403);
    }
    for (const host of ['localhost', 'LOCALHOST:8010', '127.0.0.1:8010', '[::1]:8010']) {
      expect(await statusOf('POST', path, { ...json, host })).toBe(400);
    }
  },
);

test.each(['/Execute', '/_faults', '/'])('a page cannot post, with or without a preflight: %s', async (path) => {
  expect(await statusOf('POST', path, { ...json, origin: 'https://attacker.example' })).toBe(403);
  expect(await statusOf('POST', path, { ...json, origin: 'null' })).toBe(403);
  expect(await statusOf('OPTIONS', path, { origin: 'https://attacker.example' })).toBe(403);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
    expect(await statusOf('POST', path, { 'content-type': type })).toBe(415);
  }
});
