import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`;

/** A fill at an hour of the day. Its id sets its side: `b1` buys, `s1` sells. */
const fill = (bot_id: string, id: string, hour: number, price: string, size: string, more: object = {}) => ({
  ...{ bot_id, fill_id: id, order_id: id, symbol: 'ETH-USD', side: id.startsWith('b') ? 'buy' : 'sell' },
  ...{ price, size, fee_usd: '0', filled_at: at(hour), ...more },
});

async function posted(route: string, body: unknown) {
  const reply = await service.call(route, { body });
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
}
const tradesOf = async (bot_id: string, query: object = {}) =>
  (await service.call('GET /trades', { query: { bot_id, ...query } })).body.trades;
const positionsOf = async (bot_id: string, query: object = {}) =>
  (await service.call('GET /positions', { query: { bot_id, ...query } })).body.positions;

describe('a bot that goes short', () => {
  test('gets a warning for its first fill, which closes nothing, that names the field to send', async () => {
    const bot_id = bot();
    const { accepted, unmatched, warnings } = await posted('POST /fills', fill(bot_id, 's1', 1, '100', '2'));
    expect({ accepted, unmatched }).toEqual({ accepted: 1, unmatched: ['s1'] });
    expect(warnings).toEqual([expect.stringContaining('"position_side": "short"')]);
  });

  test('profits when the price falls: sold at 100, bought back at 90, less both fees', async () => {
    const bot_id = bot();
    const short = { position_side: 'short', fee_usd: '0.5' };
    const { unmatched, warnings } = await posted('POST /fills', [
      fill(bot_id, 's1', 1, '100', '2', short),
      fill(bot_id, 'b1', 3, '90', '2', short),
    ]);
    expect({ unmatched, warnings }).toEqual({ unmatched: [], warnings: [] });
    expect(await tradesOf(bot_id)).toMatchObject([
      {
        ...{ side: 'short', order_id: 'b1', size: 2, entry_price_usd: 100, exit_price_usd: 90, pnl_usd: 19 },
        ...{ cost_basis_usd: 180.5, net_proceeds_usd: 199.5, hold_seconds: 7200 },
      },
    ]);
    expect(await tradesOf(bot_id, { side: 'long' })).toEqual([]);
  });

  test('and long in the same symbol has two separate positions', async () => {
    const bot_id = bot();
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '1'),
      fill(bot_id, 's1', 2, '110', '1', { position_side: 'short' }),
    ]);
    expect(await tradesOf(bot_id)).toEqual([]);
    expect(await positionsOf(bot_id)).toMatchObject([
      { side: 'long', entry_price_usd: 100, mark_price_usd: 110, unrealised_pnl_usd: 10 },
      { side: 'short', entry_price_usd: 110, mark_price_usd: 110, unrealised_pnl_usd: 0 },
    ]);
  });
});

test('the entry and exit price of a trade are those of its fills, and its cost and proceeds include the fees', async () => {
  const bot_id = bot();
  await posted('POST /fills', [
    fill(bot_id, 'b1', 1, '100', '2', { fee_usd: '0.5' }),
    fill(bot_id, 's1', 2, '110', '2', { fee_usd: '0.4' }),
  ]);
  expect(await tradesOf(bot_id)).toMatchObject([
    { side: 'long', entry_price_usd: 100, exit_price_usd: 110, cost_basis_usd: 200.5, net_proceeds_usd: 219.6 },
  ]);
});

describe('a net position', () => {
  test('that is reversed by one fill closes, and the rest of the fill opens the opposite position', async () => {
    const bot_id = bot();
    const perpetual = { symbol: 'BTC/USDT:USDT' };
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '1', perpetual),
      fill(bot_id, 's1', 2, '120', '3', perpetual),
      fill(bot_id, 'b2', 3, '110', '1', perpetual),
    ]);
    expect(await tradesOf(bot_id)).toMatchObject([
      { side: 'short', order_id: 'b2', size: 1, pnl_usd: 10 },
      { side: 'long', order_id: 's1', size: 1, pnl_usd: 20 },
    ]);
    expect(await positionsOf(bot_id)).toMatchObject([
      {
        side: 'short',
        size: 1,
        entry_price_usd: 120,
        mark_price_usd: 110,
        unrealised_pnl_usd: 10,
        realised_pnl_usd: 10,
      },
    ]);
  });
});

describe('a position with an id', () => {
  const position = { position_id: '7' };

  test('becomes one trade of all its orders when it is closed', async () => {
    const bot_id = bot();
    const { snapshot_id } = await posted('POST /snapshots', { bot_id, config: {}, active_from: at(0) });
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '1', position),
      fill(bot_id, 'b2', 2, '80', '1', position),
      fill(bot_id, 's1', 3, '95', '0.5', position),
    ]);
    expect(await tradesOf(bot_id)).toEqual([]);
    expect(await positionsOf(bot_id)).toMatchObject([
      // 0.5 of the first buy was sold at 95: -2.5. Still open, at a mark of 95: 0.5 bought at 100 and 1 bought at 80.
      { position_id: '7', size: 1.5, cost_usd: 130, realised_pnl_usd: -2.5, unrealised_pnl_usd: 12.5, dust: false },
    ]);

    await posted('POST /fills', fill(bot_id, 's2', 4, '100', '1.5', position));
    const [trade, ...others] = await tradesOf(bot_id);
    expect(others).toEqual([]);
    expect(trade).toMatchObject({
      ...{
        position_id: '7',
        order_id: 's2',
        size: 2,
        entry_price_usd: 90,
        pnl_usd: 17.5,
        entry_snapshot_id: snapshot_id,
      },
      ...{ opened_at: at(1), closed_at: at(4) },
    });
    expect(await positionsOf(bot_id)).toEqual([]);
  });

  test('is closed when only dust is left', async () => {
    const bot_id = bot();
    await posted('POST /snapshots', { bot_id, config: {}, active_from: at(0) });
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '1', position),
      fill(bot_id, 's1', 2, '110', '0.995', position),
    ]);
    expect(await tradesOf(bot_id)).toMatchObject([{ position_id: '7', size: 0.995, pnl_usd: 9.95 }]);
    expect(await positionsOf(bot_id)).toMatchObject([{ size: 0.005, dust: true }]);
    const [strategy] = (await service.call('GET /comparison', { query: { bot_id } })).body.strategies;
    expect(strategy).toMatchObject({ open_positions: 0, open_cost_usd: 0.5 });
  });
});

test('a fee in the base coin is deducted from the bought size, and counts at the price of the fill', async () => {
  const bot_id = bot();
  const bought = fill(bot_id, 'b1', 1, '100', '1', { fee: { amount: '0.001', currency: 'ETH' } });
  await posted('POST /fills', [
    Object.fromEntries(Object.entries(bought).filter(([name]) => name !== 'fee_usd')),
    fill(bot_id, 's1', 2, '100', '0.999'),
  ]);
  expect(await tradesOf(bot_id)).toMatchObject([{ size: 0.999, pnl_usd: -0.1 }]);
  expect(await positionsOf(bot_id)).toEqual([]);
});

test('a rebate and funding are negative fees', async () => {
  const bot_id = bot();
  await posted('POST /fills', [
    fill(bot_id, 'b1', 1, '100', '1', { fee_usd: '-0.25' }),
    fill(bot_id, 's1', 2, '100', '1', { fee_usd: '-0.5' }),
  ]);
  expect(await tradesOf(bot_id)).toMatchObject([{ pnl_usd: 0.75 }]);
});

test('a price with 40 decimals is stored exactly', async () => {
  const bot_id = bot();
  const price = `0.${'1234567890'.repeat(4)}`;
  await posted('POST /fills', fill(bot_id, 'b1', 1, price, '1'));
  expect(await service.sql('SELECT price::text FROM fills WHERE bot_id = $1', [bot_id])).toEqual([
    { price: price.slice(0, -1) },
  ]);
});

describe('a trade by its id', () => {
  const detailOf = async (trade_id: string) => service.call('GET /trades/{trade_id}', { path: { trade_id } });

  test('has allocations that add up to its P&L, and its orders, fills, links and snapshots', async () => {
    const bot_id = bot();
    const first = (await posted('POST /snapshots', { bot_id, config: { n: 1 }, active_from: at(0) })).snapshot_id;
    const second = (await posted('POST /snapshots', { bot_id, config: { n: 2 }, active_from: at(2) })).snapshot_id;
    await posted('POST /trade-links', { bot_id, order_id: 'b1', buy_score: 6 });
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '1'),
      fill(bot_id, 'b2', 3, '200', '2'),
      fill(bot_id, 's1', 4, '150', '3'),
    ]);
    const trades = await tradesOf(bot_id);
    expect(trades).toHaveLength(2);
    const details = await Promise.all(trades.map(({ trade_id }: { trade_id: string }) => detailOf(trade_id)));
    for (const [i, { body }] of details.entries()) {
      expect(body).toMatchObject(trades[i]);
      const pnl = body.allocations.reduce((sum: number, { pnl_usd }: { pnl_usd: string }) => sum + Number(pnl_usd), 0);
      expect(pnl).toBe(trades[i].pnl_usd);
    }
    const one = details.find(({ body }) => body.entry_snapshot_id === first)?.body;
    const ids = (items: Record<string, string>[], name: string) => items.map((item) => item[name]);
    expect([ids(one.orders, 'order_id'), ids(one.fills, 'fill_id'), ids(one.links, 'order_id')]).toEqual([
      ['b1', 's1'],
      ['b1', 's1'],
      ['b1'],
    ]);
    expect(ids(one.snapshots, 'snapshot_id').toSorted()).toEqual([first, second].toSorted());
  });

  test('has the allocations of all orders of its position, when that has an id', async () => {
    const bot_id = bot();
    const position = { position_id: '7' };
    await posted('POST /fills', [
      fill(bot_id, 'b1', 1, '100', '2', position),
      fill(bot_id, 's1', 2, '110', '1', position),
      fill(bot_id, 's2', 3, '120', '1', position),
    ]);
    const [{ trade_id }] = await tradesOf(bot_id);
    const { body } = await detailOf(trade_id);
    expect(body.allocations.map(({ pnl_usd }: { pnl_usd: string }) => pnl_usd).toSorted()).toEqual(['10', '20']);
  });

  test('is a 404 when the id is unknown, and a 400 when it is not a trade id', async () => {
    expect((await detailOf(crypto.randomUUID())).status).toBe(404);
    expect((await detailOf('seven')).status).toBe(400);
  });
});

test('an inverse contract, whose P&L is in coin, is rejected with that reason', async () => {
  const { status, body } = await service.call('POST /fills', {
    body: fill(bot(), 'b1', 1, '100', '1', { symbol: 'BTC/USD:BTC' }),
  });
  expect(status).toBe(400);
  expect(body.rejected[0].reason).toContain('inverse');
});

test('the list of bots shows the current state of each', async () => {
  const bot_id = bot();
  const { snapshot_id } = await posted('POST /snapshots', { bot_id, config: {}, notes: 'first', active_from: at(0) });
  await posted('POST /fills', fill(bot_id, 'b1', 1, '100', '2'));
  const { bots } = (await service.call('GET /bots', { query: { limit: 500 } })).body;
  expect(bots.find((each: { bot_id: string }) => each.bot_id === bot_id)).toMatchObject({
    ...{ snapshot_id, notes: 'first', active_from: at(0), last_filled_at: at(1), last_summarised_day: null },
    ...{ open_positions: 1, open_cost_usd: 200, unrealised_pnl_usd: 0, link_rate: null },
  });
});
