import { describe, expect, test, vi } from 'vitest';
import { watchBots } from '../../../functions/summaries/watch.ts';
import { startService } from '../../support/service.ts';

process.env.NEVER_LINKING_SOURCES = 'bracket, exchange';
const service = await startService();
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
// Makes the metrics go through the console, where the test can read them.
process.env.POWERTOOLS_DEV = 'true';
process.env.POWERTOOLS_SERVICE_NAME = 'strategy-snapshots-test';

const [day, next] = ['2026-03-10', '2026-03-11'];
const snapshot = (bot_id: string, config: object = {}) =>
  service.call('POST /snapshots', { body: { bot_id, config, active_from: '2026-03-01T00:00:00Z' } });

/** Records orders of a bot, filled at noon; the first ones are linked. */
async function orders(
  bot_id: string,
  {
    date = day,
    count = 10,
    linked = 10,
    source = 'bot',
    link = {},
  }: { date?: string; count?: number; linked?: number; source?: string; link?: object },
) {
  const ids = Array.from({ length: count }, (_, i) => `${source}-${date}-${i}`);
  await service.call('POST /fills', {
    body: ids.map((id) => ({
      ...{
        bot_id,
        source,
        fill_id: id,
        order_id: id,
        symbol: 'BTC-USD',
        side: 'buy',
        price: '1',
        size: '1',
        fee_usd: '0',
      },
      filled_at: `${date}T12:00:00Z`,
    })),
  });
  const links = ids
    .slice(0, linked)
    .map((order_id) => ({ bot_id, order_id, signal_time: `${date}T12:00:00Z`, ...link }));
  if (links.length > 0) await service.call('POST /trade-links', { body: links });
}

describe('the nightly run', () => {
  test('lists bots that are poorly linked, silent or drifting, and publishes only their counts for the alarms', async () => {
    for (const bot_id of [
      'well-linked',
      'poorly-linked',
      'few-orders',
      'bracket-orders',
      'silent',
      'long-silent',
      'smoke-1',
    ])
      await snapshot(bot_id);
    await orders('well-linked', { linked: 9 });
    await orders('poorly-linked', { linked: 8 });
    await orders('few-orders', { count: 4, linked: 0 });
    await orders('bracket-orders', { linked: 10 });
    await orders('bracket-orders', { source: 'bracket', linked: 0 });
    await orders('silent', { date: '2026-03-08' });
    await orders('long-silent', { date: '2026-03-02' });
    await orders('smoke-1', { linked: 0 });
    await orders('without-snapshot', { date: '2026-03-08', linked: 0 });
    await snapshot('drifting', { rsi: 1.5 });
    await orders('drifting', { count: 1, link: { settings: { rsi: 2.5 } } });

    const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
    await service.fire('daily-summary', `${next}T00:05:00Z`);
    const metrics = lines.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('_aws'));
    lines.mockRestore();
    const bots = (await service.sql<{ bot_id: string }>('SELECT bot_id FROM bots')).map(({ bot_id }) => bot_id);
    expect(await watchBots(service.database, { date: day, bots }, ['bracket', 'exchange'])).toEqual({
      poorly_linked: ['poorly-linked'],
      silent: ['silent'],
      drifting: ['drifting'],
      losing: [],
      waiting_days: 0,
    });
    // One line for each batch of the queue.
    const counts: Record<string, number> = {};
    for (const { _aws, service, ...some } of metrics.map((line) => JSON.parse(line))) {
      expect(_aws.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'StrategySnapshots', Dimensions: [['service']] });
      for (const [name, count] of Object.entries(some)) counts[name] = (counts[name] ?? 0) + Number(count);
    }
    expect(counts).toEqual({
      NightlyRuns: 1,
      PoorlyLinkedBots: 1,
      SilentBots: 1,
      DriftingBots: 1,
      LosingBots: 0,
      WaitingDays: 0,
    });
  });

  test('leaves test bots out of the mail', async () => {
    const { bots } = (await service.call('GET /report', { query: { date: day, format: 'json' } })).body;
    const ids = bots.map(({ bot_id }: { bot_id: string }) => bot_id);
    expect(ids).toContain('silent');
    expect(ids).not.toContain('smoke-1');
    const response = await service.call('GET /report', { query: { date: day, format: 'json', bot_id: 'smoke-1' } });
    expect(response.body.bots).toHaveLength(1);
  });
});
