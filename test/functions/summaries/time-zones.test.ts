import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const setZone = (zone: string) =>
  service.sql<{ changed: boolean }>('SELECT set_trading_time_zone($1) AS changed', [zone]);
const days = async (bot_id: string) =>
  (await everyPage(service, 'GET /summaries', { bot_id }, 'summaries')).map(
    ({ date, total_trades, time_zone, stale }) => [date, total_trades, time_zone, stale],
  );

async function tradesClosedAt(bot_id: string, closings: readonly string[]): Promise<void> {
  const body = closings.flatMap((filled_at, i) =>
    ['buy', 'sell'].map((side) => ({
      bot_id,
      fill_id: `${i}${side}`,
      order_id: `${i}${side}`,
      symbol: `${i}-USD`,
      side,
      price: '1',
      size: '1',
      filled_at,
    })),
  );
  expect((await service.call('POST /fills', { body })).status).toBe(200);
}

const snapshot = (bot_id: string, active_from: string, active_until: string) =>
  service.call('POST /snapshots', { body: { bot_id, config: {}, active_from, active_until } });

describe('a trading day is the calendar day of the trading time zone', () => {
  test('including days of 23 or 25 hours', async () => {
    await setZone('America/New_York');
    const bot_id = bot();
    // 8 March 2026 begins at 05:00Z and ends at 04:00Z, 1 November at 04:00Z and 05:00Z; 2025 so that both lie in the past.
    await snapshot(bot_id, '2025-03-09T05:00:00Z', '2025-03-10T04:00:00Z');
    await tradesClosedAt(bot_id, ['2025-03-09T05:00:00Z', '2025-03-10T03:59:59.999999Z']);
    await service.call('POST /summaries', { body: { bot_id, from: '2025-03-01', to: '2025-03-31' } });
    expect(await days(bot_id)).toEqual([['2025-03-09', 2, 'America/New_York', false]]);

    const autumn = bot();
    await snapshot(autumn, '2025-11-02T04:00:00Z', '2025-11-03T05:00:00Z');
    await tradesClosedAt(autumn, ['2025-11-02T04:00:00Z', '2025-11-03T04:59:59.999999Z']);
    await service.call('POST /summaries', { body: { bot_id: autumn, from: '2025-10-01', to: '2025-11-30' } });
    expect(await days(autumn)).toEqual([['2025-11-02', 2, 'America/New_York', false]]);

    const { strategies } = (await service.call('GET /comparison', { query: { bot_id: autumn } })).body;
    expect(strategies[0].days_active).toBe(1);
  });

  test('including days without a midnight', async () => {
    await setZone('Africa/Cairo');
    const bot_id = bot();
    // 25 April 2025 began at 01:00 local time, 22:00Z of the day before.
    await snapshot(bot_id, '2025-04-24T21:00:00Z', '2025-04-25T21:00:00Z');
    await tradesClosedAt(bot_id, ['2025-04-24T21:59:59Z', '2025-04-24T22:00:00Z']);
    await service.call('POST /summaries', { body: { bot_id, from: '2025-04-20', to: '2025-04-30' } });
    expect((await days(bot_id)).map(([date, trades]) => [date, trades])).toEqual([
      ['2025-04-25', 1],
      ['2025-04-24', 1],
    ]);
  });

  test('a change of the time zone marks every day, and the next run recomputes them', async () => {
    await setZone('UTC');
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z', '2026-02-03T00:00:00Z');
    await tradesClosedAt(bot_id, ['2026-02-01T02:00:00Z', '2026-02-02T23:30:00Z']);
    await service.fire('daily-summary', '2026-02-10T00:05:00Z');
    expect(await days(bot_id)).toEqual([
      ['2026-02-02', 1, 'UTC', false],
      ['2026-02-01', 1, 'UTC', false],
    ]);

    expect(await setZone('America/New_York')).toEqual([{ changed: true }]);
    expect((await days(bot_id)).map(([, , , stale]) => stale)).toEqual([true, true]);
    await service.fire('daily-summary', '2026-02-10T05:05:00Z');
    expect(await days(bot_id)).toEqual([
      ['2026-02-02', 1, 'America/New_York', false],
      ['2026-02-01', 0, 'America/New_York', false],
      ['2026-01-31', 1, 'America/New_York', false],
    ]);

    expect(await setZone('America/New_York')).toEqual([{ changed: false }]);
    expect((await days(bot_id)).map(([, , , stale]) => stale)).toEqual([false, false, false]);
  });

  test('a day that no period touches any more is deleted', async () => {
    await setZone('Asia/Tokyo');
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T16:00:00Z', '2026-02-01T23:00:00Z');
    await service.fire('daily-summary', '2026-02-10T00:05:00Z');
    expect((await days(bot_id)).map(([date]) => date)).toEqual(['2026-02-02']);
    await setZone('UTC');
    await service.fire('daily-summary', '2026-02-10T00:05:00Z');
    expect((await days(bot_id)).map(([date]) => date)).toEqual(['2026-02-01']);
  });

  test('the nightly run covers the day that is over in the time zone', async () => {
    await setZone('America/New_York');
    expect(await service.fire('daily-summary', '2026-02-10T04:59:00Z')).toMatchObject({ date: '2026-02-08' });
    expect(await service.fire('daily-summary', '2026-02-10T05:05:00Z')).toMatchObject({ date: '2026-02-09' });
  });

  test('an unknown time zone is rejected', async () => {
    await expect(setZone('Mars/Olympus')).rejects.toThrow(/time zone/);
  });
});
