import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { startService } from '../../support/service.ts';

/** The response of the mocked Data API: the name and status of an error, or no response. */
let answer: readonly [name: string, status: number, message?: string] | 'silence';
let calls = 0;

const away: Server = createServer((_, response) => {
  calls += 1;
  if (answer === 'silence') return;
  response.writeHead(answer[1], { 'content-type': 'application/json', 'x-amzn-errortype': answer[0] });
  response.end(JSON.stringify({ message: answer[2] ?? 'from the test' }));
});
await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
const service = await startService();
process.env.AWS_ENDPOINT_URL_RDS_DATA = `http://127.0.0.1:${(away.address() as AddressInfo).port}`;

afterAll(() => {
  away.closeAllConnections();
  away.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  calls = 0;
});

/** A shorter timeout: 24 s are too long for a test. */
function patienceOf(milliseconds: number): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(milliseconds));
}

describe('when the database does not answer in time', () => {
  test('because it is resuming, the call is retried, and the response is 503 with Retry-After', async () => {
    answer = ['DatabaseResumingException', 400];
    patienceOf(900);
    const { status, headers, body } = await service.call('GET /snapshots/current');
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '20' });
    expect(body).toMatchObject({ title: 'Service Unavailable', status: 503 });
    expect(calls).toBeGreaterThan(1);
  });

  test('because it does not respond, the response is 503 with Retry-After', async () => {
    answer = 'silence';
    patienceOf(300);
    const { status, headers } = await service.call('POST /fills', {
      body: {
        fill_id: 'f',
        order_id: 'o',
        symbol: 'A-USD',
        side: 'buy',
        price: 1,
        size: 1,
        filled_at: '2026-01-01T00:00:00Z',
      },
    });
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '20' });
  });

  test('the timeout is 24 s, within the 30 s of API Gateway', async () => {
    answer = ['DatabaseResumingException', 400];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
    await service.call('GET /snapshots/current');
    expect(spy.mock.calls).toEqual([[24_000]]);
  });

  test('because its service is down, the response is 503', async () => {
    for (const error of [
      ['ServiceUnavailableError', 503],
      ['DatabaseUnavailableException', 504],
      ['InternalServerErrorException', 500],
      // What it answers while a cluster resumes, next to the error of that name.
      ['StatementTimeoutException', 400],
      ['InvalidResourceStateException', 400],
    ] as const) {
      answer = error;
      patienceOf(1500);
      const { status } = await service.call('GET /snapshots/current');
      expect({ error: error[0], status }).toEqual({ error: error[0], status: 503 });
      vi.restoreAllMocks();
    }
  });

  test('because the connection to the database is not there yet, the response is 503', async () => {
    answer = ['BadRequestException', 400, 'Communications link failure'];
    patienceOf(1500);
    expect((await service.call('GET /snapshots/current')).status).toBe(503);
  });

  test('/health still answers, since it does not use the database', async () => {
    answer = 'silence';
    expect((await service.call('GET /health')).status).toBe(200);
    expect((await service.call('GET /openapi.json')).status).toBe(200);
    expect(calls).toBe(0);
  });

  test('invalid requests are rejected without calling it', async () => {
    answer = 'silence';
    expect((await service.call('GET /snapshots', { query: { limit: 'x' } })).status).toBe(400);
    expect((await service.call('POST /fills', { body: [] })).status).toBe(400);
    expect(calls).toBe(0);
  });

  test('because access is denied, the response is a 500: retrying would not help', async () => {
    answer = ['AccessDeniedException', 403];
    patienceOf(1500);
    expect((await service.call('GET /snapshots/current')).status).toBe(500);
  });
});
