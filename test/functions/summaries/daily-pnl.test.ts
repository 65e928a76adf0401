import { describe, expect, test } from 'vitest';
import { bot, roundTrips, startSummarising } from './summarising.ts';

const { service, summarise, snapshot, postFills } = await startSummarising();

const pnlOf = async (query: Record<string, string>) => (await service.call('GET /summaries/pnl', { query })).body;

describe('the P&L of every day', () => {
  test('adds up, over all snapshots and within each, and names the fall from the peak', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills([...roundTrips(bot_id, '2026-02-01', [10, -4]), ...roundTrips(bot_id, '2026-02-02', [-5])]);
    const second = await snapshot(bot_id, '2026-02-03T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-03', [3, 8]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });

    const { from, to, days } = await pnlOf({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    expect({ from, to }).toEqual({ from: '2026-02-01', to: '2026-02-03' });
    expect(days).toMatchObject([
      {
        date: '2026-02-01',
        snapshot_id: first,
        total_trades: 2,
        winning_trades: 1,
        losing_trades: 1,
        total_pnl_usd: 6,
      },
      { date: '2026-02-02', snapshot_id: first, total_pnl_usd: -5 },
      { date: '2026-02-03', snapshot_id: second, total_pnl_usd: 11 },
    ]);
    // The running P&L: 10, 6 | 1 | 4, 12. Its peak within the first day is 10.
    expect(
      days.map(({ cumulative_pnl_usd, snapshot_pnl_usd, drawdown_usd }: Record<string, number>) => [
        cumulative_pnl_usd,
        snapshot_pnl_usd,
        drawdown_usd,
      ]),
    ).toEqual([
      [6, 6, 4],
      [1, 1, 9],
      [12, 11, 0],
    ]);
    expect(days.every(({ stale }: { stale: boolean }) => !stale)).toBe(true);
  });

  test('says which days a change has made stale', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-01', [10]));
    await summarise({ bot_id, from: '2026-02-01' });
    await postFills(roundTrips(bot_id, '2026-02-01', [5], { from: 5 }));
    expect((await pnlOf({ bot_id, from: '2026-02-01', to: '2026-02-01' })).days).toMatchObject([
      { total_pnl_usd: 10, stale: true },
    ]);
  });

  test('ends on the last day with a summary by default, and is empty before the first', async () => {
    const bot_id = bot();
    expect(await pnlOf({ bot_id })).toEqual({ from: null, to: null, days: [] });
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-01', [10]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    expect(await pnlOf({ bot_id })).toMatchObject({ from: '2025-02-02', to: '2026-02-02' });
  });

  test.each([
    ['a reversed range', { from: '2026-02-02', to: '2026-02-01' }, 'to'],
    ['more than a year', { from: '2025-01-01', to: '2026-02-01' }, 'from'],
  ])('%s is refused', async (_, range, path) => {
    const { status, body } = await service.call('GET /summaries/pnl', { query: range });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path });
  });
});
