import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../functions/openapi.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { startService } from '../../support/service.ts';

const service = await startService();

describe('the service', () => {
  test('returns its status and version', async () => {
    expect(await service.call('GET /health')).toMatchObject({
      status: 200,
      body: { status: 'ok', version: packageJson.version },
    });
  });

  test('returns its OpenAPI document', async () => {
    const { body } = await service.call('GET /openapi.json');
    expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  test('returns the status of the database, the last summarized day and pending work', async () => {
    const health = async () => (await service.call('GET /health/database')).body;
    expect(await health()).toMatchObject({
      status: 'ok',
      time_zone: 'UTC',
      last_summarised_day: null,
      marked_rows: 0,
      pending_matches: 0,
    });

    await service.call('POST /snapshots', { body: { config: {}, active_from: '2026-02-01T00:00:00Z' } });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    const fills = ['buy', 'sell'].map((side) => ({
      fill_id: side,
      order_id: side,
      symbol: 'A-USD',
      side,
      price: '1',
      size: '1',
      filled_at: '2026-02-02T01:00:00Z',
    }));
    await service.call('POST /fills', { body: fills });
    expect(await health()).toMatchObject({ last_summarised_day: '2026-02-02', marked_rows: 1 });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    expect(await health()).toMatchObject({ marked_rows: 0 });
  });

  test.each([
    'GET /nothing',
    'GET /',
    'POST /snapshots/1/2/3',
    'GET /snapshots/',
    'GET /_local/schedules/daily-summary',
    'GET /__proto__',
    'GET /constructor',
  ])('answers 404 to %s', async (route) => {
    const { status, headers } = await service.call(route);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 404, type: 'application/problem+json' });
  });

  test.each([
    ['DELETE /snapshots', ['GET', 'POST']],
    ['PUT /fills', ['POST']],
    ['GET /fills', ['POST']],
    ['POST /health', ['GET']],
    ['PATCH /snapshots/7', ['GET']],
    ['GET /snapshots/rollback', ['POST']],
    ['POST /snapshots/current', ['GET']],
    ['POST /trade-links/a%2Fb', ['GET']],
  ])('answers 405 to %s and says what is allowed', async (route, allowed) => {
    const { status, headers } = await service.call(route);
    expect(status).toBe(405);
    expect(String(headers.allow).split(', ').sort()).toEqual(expect.arrayContaining(allowed));
  });
});
