import { describe, expect, test } from 'vitest';
import { bot, roundTrips, startSummarising } from '../summaries/summarising.ts';

const { service, snapshot, postFills } = await startSummarising();
const groups = (query: Record<string, string>) => service.call('GET /trades/groups', { query });

describe('trades in groups', () => {
  test('are those of the days, by symbol, hour, weekday, outcome and P&L', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    // 2 February 2026 is a Monday; each trade has a symbol of its own.
    await postFills([...roundTrips(bot_id, '2026-02-02', [10, 0, -5]), ...roundTrips(bot_id, '2026-02-03', [7])]);
    const { body } = await groups({ bot_id, from: '2026-02-02' });

    expect(body).toMatchObject({ from: '2026-02-02', to: '2026-02-02' });
    expect(body.by_symbol.map(({ name, total_pnl_usd }: Record<string, unknown>) => [name, total_pnl_usd])).toEqual([
      ['2026-02-02-0-USD', 10],
      ['2026-02-02-1-USD', 0],
      ['2026-02-02-2-USD', -5],
    ]);
    expect(body.by_outcome).toMatchObject([
      { name: 'winning', total_trades: 1 },
      { name: 'breakeven', total_trades: 1 },
      { name: 'losing', total_trades: 1 },
    ]);
    expect(body.by_hour).toMatchObject([{ name: '10', total_trades: 3, total_pnl_usd: 5 }]);
    expect(body.by_weekday).toMatchObject([{ name: '1', total_trades: 3 }]);
    // 15 USD in 24 ranges are 0.625 each, rounded up to 1.
    expect(body.by_pnl).toEqual([
      { from_usd: -5, to_usd: -4, total_trades: 1 },
      { from_usd: 0, to_usd: 1, total_trades: 1 },
      { from_usd: 10, to_usd: 11, total_trades: 1 },
    ]);

    const second = await snapshot(bot_id, '2026-02-03T00:00:00Z');
    const of = async (snapshot_id: unknown) =>
      (await groups({ bot_id, from: '2026-02-02', to: '2026-02-03', snapshot_id: String(snapshot_id) })).body;
    expect((await of(first)).by_weekday).toMatchObject([{ name: '1' }]);
    expect((await of(second)).by_weekday).toMatchObject([{ name: '2', total_pnl_usd: 7 }]);
  });

  test('are empty without trades', async () => {
    expect((await groups({ bot_id: bot(), from: '2026-02-02' })).body).toMatchObject({ by_symbol: [], by_pnl: [] });
  });

  test.each([
    ['a reversed range', { from: '2026-02-02', to: '2026-02-01' }, 'to'],
    ['more than a year', { from: '2025-01-01', to: '2026-02-01' }, 'from'],
  ])('%s is refused', async (_, range, path) => {
    const { status, body } = await groups(range);
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path });
  });
});
