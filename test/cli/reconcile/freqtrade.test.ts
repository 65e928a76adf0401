import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { startImporting } from '../import/importing.ts';
import { strategy } from '../strategy.ts';

const { service, url, imported, file } = await startImporting();

interface Order {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly amount: number;
}
interface Trade {
  readonly pair: string;
  readonly orders: readonly Order[];
  /** As freqtrade states it; null while the trade is open. */
  readonly profit: number | null;
  readonly funding?: number;
}

const order = (id: string, side: Order['side'], price: number, amount = 1): Order => ({ id, side, price, amount });

/** Each with the profit of its fills less a fee of 0.1 % on both sides. */
const TRADES: readonly Trade[] = [
  // 110 − 0.11 − 100 − 0.10
  { pair: 'BTC/USDT', orders: [order('a1', 'buy', 100), order('a2', 'sell', 110)], profit: 9.79 },
  // Averaged down and sold in two parts: 95 + 97 − 0.192 − (100 + 90) − 0.190
  {
    pair: 'ETH/USDT',
    orders: [order('b1', 'buy', 100), order('b2', 'buy', 90), order('b3', 'sell', 95), order('b4', 'sell', 97)],
    profit: 1.618,
  },
  // 1.5 of funding was paid: 210 − 0.21 − 200 − 0.20 − 1.50
  { pair: 'SOL/USDT:USDT', orders: [order('c1', 'buy', 200), order('c2', 'sell', 210)], profit: 8.09, funding: -1.5 },
  { pair: 'XRP/USDT', orders: [order('d1', 'buy', 100)], profit: null },
];

/** A database of freqtrade with these trades. */
async function database(name: string, trades: readonly Trade[]): Promise<string> {
  const path = await file(name, '');
  const sqlite = new DatabaseSync(path);
  sqlite.exec(`
    CREATE TABLE trades (id INTEGER PRIMARY KEY, strategy, pair, is_open, is_short, fee_open, fee_close, open_rate, close_rate, amount,
      close_profit_abs, funding_fees, open_date, close_date, enter_tag, exit_reason);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id, order_id, ft_order_side, average, filled, order_date, order_filled_date)`);
  const addTrade = sqlite.prepare(
    'INSERT INTO trades VALUES (NULL, ?, ?, ?, 0, 0.001, 0.001, ?, ?, ?, ?, ?, ?, ?, NULL, ?)',
  );
  const addOrder = sqlite.prepare('INSERT INTO orders VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');
  for (const [n, { pair, orders, profit, funding = 0 }] of trades.entries()) {
    const at = (i: number) => `2025-03-0${n + 1} 1${i}:00:00.000000`;
    const closed = profit === null ? null : at(orders.length);
    addTrade.run(
      'S',
      pair,
      profit === null ? 1 : 0,
      orders[0]?.price ?? 0,
      0,
      1,
      profit,
      funding,
      at(0),
      closed,
      'roi',
    );
    for (const [i, { id, side, price, amount }] of orders.entries())
      addOrder.run(n + 1, id, side, price, amount, at(i), at(i));
  }
  sqlite.close();
  return path;
}

const reconcile = async (bot: string, path: string, ...more: readonly string[]) => {
  const { code, stdout, stderr } = await strategy(['reconcile', '--url', url, '--bot', bot, '--json', ...more, path]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

const reported = async (bot_id: string) =>
  (await service.call('GET /report', { query: { bot_id, format: 'json' } })).body.bots[0].reconciliations;

describe('the trades of freqtrade', () => {
  test('agree to the cent after an import, with averaging down, partial exits and funding, and the report says so', async () => {
    const path = await database('trades.sqlite', TRADES);
    await imported('--bot', 'whole', '--yes', path);
    expect(await reconcile('whole', path)).toMatchObject({
      ...{ source: 'freqtrade', compared: 3, agreed: 3, open: 1, differences: [] },
      claimed_pnl_usd: expect.closeTo(9.79 + 1.618 + 8.09, 9),
      pnl_usd: expect.closeTo(9.79 + 1.618 + 8.09, 9),
    });
    expect(await reported('whole')).toMatchObject([{ source: 'freqtrade', compared: 3, agreed: 3, differences: [] }]);
  });

  test('that differ are listed with the reason', async () => {
    const path = await database('all.sqlite', TRADES);
    const { fills } = await partly('some', path);
    expect(fills).toBe(6);
    expect((await reconcile('some', path)).differences).toEqual([
      {
        ...{ trade: 'trade 1', symbol: 'BTC/USDT', claimed_pnl_usd: 9.79, pnl_usd: 10 },
        reason: 'a fee is missing here',
      },
      { trade: 'trade 2', symbol: 'ETH/USDT', claimed_pnl_usd: 1.618, pnl_usd: null, reason: 'still open here' },
      {
        ...{ trade: 'trade 3', symbol: 'SOL/USDT:USDT', claimed_pnl_usd: 8.09, pnl_usd: expect.closeTo(9.59, 9) },
        reason: 'funding is missing here',
      },
    ]);
    expect(await reported('some')).toMatchObject([
      {
        ...{ compared: 3, agreed: 0 },
        differences: [
          { reason: 'a fee is missing here', trades: 1 },
          { reason: 'still open here', trades: 1 },
          { reason: 'funding is missing here', trades: 1 },
        ],
      },
    ]);
    expect((await reconcile('nothing', path, '--dry-run')).differences).toMatchObject(
      Array.from({ length: 3 }, () => ({ reason: 'none of its fills is here' })),
    );
  });

  test('another price, and a stated P&L that its own orders do not give', async () => {
    const [first, second] = TRADES as [Trade, Trade];
    await imported('--bot', 'prices', '--yes', await database('right.sqlite', [first, second]));
    const other = await database('other.sqlite', [
      { ...first, orders: [order('a1', 'buy', 100), order('a2', 'sell', 111)], profit: 10.789 },
      { ...second, profit: 3 },
    ]);
    expect((await reconcile('prices', other)).differences).toMatchObject([
      { trade: 'trade 1', reason: 'a price or size differs' },
      { trade: 'trade 2', reason: 'not the P&L of its own fills' },
    ]);
  });

  test('matched first in, first out by a bot that sends no position ids differ from an average cost', async () => {
    const overlapping: readonly Trade[] = [
      { pair: 'ADA/USDT', orders: [order('e1', 'buy', 100), order('e2', 'sell', 110)], profit: 9.79 },
      { pair: 'ADA/USDT', orders: [order('f1', 'buy', 120), order('f2', 'sell', 130)], profit: 9.75 },
    ];
    const path = await database('overlapping.sqlite', overlapping);
    // Both are open at the same time, and the second is sold first.
    const fill = (order_id: string, side: string, price: string, hour: number) => ({
      ...{ bot_id: 'fifo', fill_id: order_id, order_id, symbol: 'ADA/USDT', side, price, size: '1' },
      ...{ fee_usd: String(Number(price) / 1000), filled_at: `2025-03-01T0${hour}:00:00Z` },
    });
    await service.call('POST /fills', {
      body: [
        fill('e1', 'buy', '100', 1),
        fill('f1', 'buy', '120', 2),
        fill('f2', 'sell', '130', 3),
        fill('e2', 'sell', '110', 4),
      ],
    });
    expect(await reconcile('fifo', path)).toMatchObject({
      ...{ compared: 2, agreed: 0, pnl_usd: expect.closeTo(19.54, 9), claimed_pnl_usd: expect.closeTo(19.54, 9) },
      differences: [{ reason: 'average cost against FIFO' }, { reason: 'average cost against FIFO' }],
    });
  });

  test('are found by their orders, or by their own id while they are open, when another client sent them', async () => {
    const [, second] = TRADES as [Trade, Trade];
    const path = await database('client.sqlite', [second, second]);
    const fills = second.orders.map(({ id, side, price }, hour) => ({
      ...{ bot_id: 'client', fill_id: id, order_id: id, symbol: 'ETH/USDT', side, price: String(price), size: '1' },
      ...{
        fee_usd: String(price / 1000),
        position_id: 'freqtrade:1:1740823200000',
        filled_at: `2025-03-01T0${hour}:00:00Z`,
      },
    }));
    await service.call('POST /fills', { body: fills.slice(0, 3) });
    expect((await reconcile('client', path)).differences[0]).toMatchObject({
      trade: 'trade 1',
      reason: 'still open here',
    });
    await service.call('POST /fills', { body: fills });
    expect(await reconcile('client', path)).toMatchObject({ agreed: 2, pnl_usd: expect.closeTo(2 * 1.618, 9) });
  });

  test('are compared in a table of 80 columns', async () => {
    const path = await database('table.sqlite', TRADES);
    await partly('table', path);
    const { stdout } = await strategy(['reconcile', '--url', url, '--bot', 'table', path]);
    expect(stdout).toContain(
      '0 of 3 trades of freqtrade agree. P&L: $19.50 there, $19.59 here. Not compared:\n1 trade of freqtrade still open there.',
    );
    expect(stdout).toMatch(/^ {2}trade 1 +BTC\/USDT +\$9.79 +\$10.00 +a fee is missing here$/m);
  });
});

/** Sends a part of what an import would send: without the fees of the first trade, the last exit of the second, the funding of the third. */
async function partly(bot: string, path: string): Promise<{ fills: number }> {
  await imported('--bot', `${bot}-complete`, '--yes', path);
  const all = await service.sql<Record<string, string | null>>(
    `SELECT fill_id, order_id, symbol, side, price::text, size::text, fee_usd::text, position_id, position_side,
       to_char(filled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS filled_at
     FROM fills JOIN books USING (bot_id, book_id) WHERE bot_id = $1 AND symbol <> 'XRP/USDT' AND order_id NOT IN ('b3', 'b4')`,
    [`${bot}-complete`],
  );
  const body = all.map((fill) => ({
    ...{ bot_id: bot, ...fill },
    fee_usd: fill.symbol === 'BTC/USDT' ? null : fill.order_id === 'c2' ? '0.21' : fill.fee_usd,
  }));
  await service.call('POST /fills', { body });
  return { fills: body.length };
}

test('a file without trades is refused', async () => {
  const { code, stderr } = await strategy(['reconcile', '--url', url, await file('a.csv', 'order_id,side\n1,buy\n')]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('no trades of freqtrade with their P&L')]);
});
