import { beforeAll, describe, expect, test } from 'vitest';
import { expectAllocationsOf } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import type { SlowFill } from '../../support/slow-fifo.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString().replace('Z', '000Z');

async function post(bot_id: string, fills: readonly object[]) {
  const reply = await service.call('POST /fills', { body: fills.map((fill) => ({ bot_id, ...fill })) });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
}

const fill = (side: 'buy' | 'sell', fill_id: string, minute: number, more: Partial<SlowFill> = {}): SlowFill => ({
  fill_id,
  order_id: `order-${fill_id}`,
  symbol: 'BTC-USD',
  side,
  price: '10',
  size: '1',
  fee_usd: '0',
  filled_at: at(minute),
  ...more,
});
const buy = (fill_id: string, minute: number, more: Partial<SlowFill> = {}) => fill('buy', fill_id, minute, more);
const sell = (fill_id: string, minute: number, more: Partial<SlowFill> = {}) => fill('sell', fill_id, minute, more);

const pnl = async (bot_id: string) =>
  (await service.call('GET /trades', { query: { bot_id } })).body.trades.map((t: { pnl_usd: number }) => t.pnl_usd);

describe('the first bought is the first sold', () => {
  test('a sell closes the oldest buy, net of both fees', async () => {
    const bot_id = bot();
    await post(bot_id, [
      buy('b1', 1, { price: '100', fee_usd: '0.5' }),
      buy('b2', 2, { price: '90', fee_usd: '0.5' }),
      sell('s1', 3, { price: '111', fee_usd: '0.5' }),
    ]);
    expect(await pnl(bot_id)).toEqual([10]);
  });

  test('a sell that closes parts of two buys is one trade with the size-weighted mean of the hold times', async () => {
    const bot_id = bot();
    await post(bot_id, [
      buy('b1', 0, { size: '1' }),
      buy('b2', 30, { size: '3', price: '20' }),
      sell('s1', 60, { size: '4', price: '30' }),
    ]);
    const { trades } = (await service.call('GET /trades', { query: { bot_id } })).body;

    // (30 − 10) × 1 + (30 − 20) × 3; (3600 s × 1 + 1800 s × 3) / 4
    expect(trades).toMatchObject([
      { order_id: 'order-s1', size: 4, pnl_usd: 50, hold_seconds: 2250, closed_at: at(60).replace('.000000', '') },
    ]);
  });

  test('at the same instant buys come before sells, then fills are sorted by the bytes of their id', async () => {
    const bot_id = bot();
    const fills = [
      sell('a', 5, { price: '20' }),
      buy('b', 5, { price: '1' }),
      buy('B', 5, { price: '2' }),
      buy('é', 5, { price: '3' }),
      sell('é2', 5, { price: '20' }),
    ];
    await post(bot_id, fills);

    const pairs = await service.sql(
      'SELECT closing_fill_id, opening_fill_id FROM allocations WHERE bot_id = $1 ORDER BY closing_fill_id',
      [bot_id],
    );
    expect(pairs).toEqual([
      { closing_fill_id: 'a', opening_fill_id: 'B' },
      { closing_fill_id: 'é2', opening_fill_id: 'b' },
    ]);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test('a sell never matches a later buy, and its size without a buy is unmatched', async () => {
    const bot_id = bot();
    await post(bot_id, [sell('s1', 1, { size: '2' }), buy('b1', 2, { size: '5' })]);

    expect(await pnl(bot_id)).toEqual([]);
    expect(
      await service.sql("SELECT unmatched_size::text FROM orders WHERE bot_id = $1 AND side = 'sell'", [bot_id]),
    ).toEqual([{ unmatched_size: '2' }]);
  });

  test('a buy that arrives late is matched in order of time, and every later sell is matched again', async () => {
    const bot_id = bot();
    const fills = [buy('b2', 2, { price: '20' }), sell('s1', 3, { price: '30' }), sell('s2', 4, { price: '30' })];
    await post(bot_id, fills);
    expect(await pnl(bot_id)).toEqual([10]);

    const late = buy('b1', 1, { price: '5' });
    await post(bot_id, [late]);
    expect(await pnl(bot_id)).toEqual([10, 25]);
    await expectAllocationsOf(service, bot_id, [...fills, late]);
  });

  test('a buy that arrives late, between two that are open, is closed between them by a sell that comes with it', async () => {
    const bot_id = bot();
    await post(bot_id, [buy('b1', 1, { price: '10' }), buy('b3', 3, { price: '30' })]);
    await post(bot_id, [buy('b2', 2, { price: '20' }), sell('s1', 4, { price: '50', size: '2' })]);
    expect(await pnl(bot_id)).toEqual([70]);
    await post(bot_id, [sell('s2', 5, { price: '50' })]);
    expect((await pnl(bot_id)).toSorted()).toEqual([20, 70]);
  });

  test('a sell that arrives late is matched first, and the later sells are matched again', async () => {
    const bot_id = bot();
    await post(bot_id, [buy('b1', 1), sell('s2', 5, { price: '15' })]);
    await post(bot_id, [sell('s1', 3, { price: '12' })]);
    expect(await pnl(bot_id)).toEqual([2]);
    expect((await service.call('GET /trades', { query: { bot_id } })).body.trades[0].order_id).toBe('order-s1');
  });

  test('symbols and bots are matched separately', async () => {
    const [one, other] = [bot(), bot()];
    await post(one, [buy('b', 1), sell('s', 2, { symbol: 'ETH-USD' })]);
    await post(other, [sell('s', 2)]);
    expect(await pnl(one)).toEqual([]);
    expect(await pnl(other)).toEqual([]);
  });

  test('the pieces of a fee that does not divide add up to the fee', async () => {
    const bot_id = bot();
    const fills = [
      buy('b', 0, { size: '3', fee_usd: '0.1' }),
      ...[1, 2, 3].map((i) => sell(`s${i}`, i, { price: '11', fee_usd: '0.07' })),
    ];
    await post(bot_id, fills);

    const [fee] = await service.sql(
      'SELECT sum(opening_fee_usd)::text AS fee, max(opening_fee_usd) > min(opening_fee_usd) AS uneven FROM allocations WHERE bot_id = $1',
      [bot_id],
    );
    expect(Number((fee as { fee: string }).fee)).toBe(0.1);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test('decimals with 20 digits or exponents are exact', async () => {
    const bot_id = bot();
    const fills = [
      buy('b1', 1, {
        price: '0.12345678901234567891',
        size: '12345678901234567890.5',
        fee_usd: '0.00000000000000000001',
      }),
      sell('s1', 2, {
        price: '0.22345678901234567891',
        size: '12345678901234567890.5',
        fee_usd: '-0.00000000000000000003',
      }),
      buy('b2', 3, { symbol: 'PEPE-USD', price: '4.99e-06', size: '1e6', fee_usd: '1E-7' }),
      sell('s2', 4, { symbol: 'PEPE-USD', price: '4.99e-06', size: '1000000.0' }),
    ];
    await post(bot_id, fills);

    const rows = await service.sql(
      'SELECT closing_fill_id, trim_scale(pnl_usd)::text AS pnl_usd FROM allocations WHERE bot_id = $1 ORDER BY 1',
      [bot_id],
    );
    expect(rows).toEqual([
      { closing_fill_id: 's1', pnl_usd: '1234567890123456789.05000000000000000002' },
      { closing_fill_id: 's2', pnl_usd: '-0.0000001' },
    ]);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test('a fee that is sent later changes the P&L', async () => {
    const bot_id = bot();
    const fills = [
      buy('b', 1, { size: '2', fee_usd: null }),
      sell('s1', 2, { price: '20' }),
      sell('s2', 3, { price: '20' }),
    ];
    await post(bot_id, fills);
    expect(await pnl(bot_id)).toEqual([10, 10]);

    expect(await post(bot_id, [{ ...fills[0], fee_usd: '1' }])).toEqual({
      accepted: 0,
      updated: 1,
      duplicates: 0,
      rejected: [],
      ...{ unmatched: [], warnings: [] },
    });
    expect(await pnl(bot_id)).toEqual([9.5, 9.5]);
  });
});

describe('a trade belongs to the snapshot of its buy', () => {
  let bot_id: string;
  let snapshots: number[];
  beforeAll(async () => {
    bot_id = bot();
    snapshots = [];
    for (const [i, from] of [at(-10), at(100)].entries()) {
      snapshots.push(
        (await service.call('POST /snapshots', { body: { bot_id, config: { i }, active_from: from } })).body
          .snapshot_id,
      );
    }
  });
  const partsOf = async (symbol: string) =>
    (await service.call('GET /trades', { query: { bot_id, symbol } })).body.trades.map((t: Record<string, number>) => [
      snapshots.indexOf(t.entry_snapshot_id ?? -1),
      snapshots.indexOf(t.exit_snapshot_id ?? -1),
      t.size,
    ]);

  test('a sell that closes buys of two snapshots is one trade per snapshot', async () => {
    const symbol = 'TWO-USD';
    await post(bot_id, [
      buy('two-1', 1, { symbol, size: '40' }),
      buy('two-2', 101, { symbol, size: '60' }),
      sell('two-s', 102, { symbol, size: '100' }),
    ]);
    expect((await partsOf(symbol)).sort()).toEqual([
      [0, 1, 40],
      [1, 1, 60],
    ]);
  });

  test('a part below 1 % of the matched size is merged into the largest part, and one of exactly 1 % is not', async () => {
    const parts = async (symbol: string, dust: string, rest: string) => {
      await post(bot_id, [
        buy(`${symbol}-1`, 1, { symbol, size: dust }),
        buy(`${symbol}-2`, 101, { symbol, size: rest }),
        sell(`${symbol}-s`, 102, { symbol, size: '200' }),
      ]);
      return (await partsOf(symbol)).sort();
    };
    expect(await parts('DUST-USD', '0.999', '99.001')).toEqual([[1, 1, 100]]);
    expect(await parts('EDGE-USD', '1', '99')).toEqual([
      [0, 1, 1],
      [1, 1, 99],
    ]);
  });

  test('a merged part does not decide how the trade is attributed', async () => {
    const symbol = 'BY-HAND-USD';
    await post(bot_id, [
      buy('hand-1', 101, { symbol, size: '99.5' }),
      { ...buy('hand-2', 102, { symbol, size: '0.5' }), source: 'manual' },
      sell('hand-s', 103, { symbol, size: '100' }),
    ]);
    const { trades } = (await service.call('GET /trades', { query: { bot_id, symbol } })).body;
    expect(trades).toMatchObject([{ size: 100, attribution: 'time' }]);
  });
});
