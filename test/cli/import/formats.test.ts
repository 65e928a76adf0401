import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startImporting } from './importing.ts';

const { service, imported, file } = await startImporting();

const fillsOf = (bot: string) =>
  service.sql(
    `SELECT fill_id, order_id, symbol, side, price::text, size::text, fee_usd::text, source,
       to_char(filled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS at
     FROM fills JOIN books USING (bot_id, book_id) WHERE bot_id = $1 ORDER BY filled_at, fill_id`,
    [bot],
  );

const PRO = `portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit
default,155157,BTC-USD,BUY,2025-03-01T21:39:45.667Z,0.5,BTC,100.5,0.3015,-50.5515,USD
default,155157,ETH-USD,SELL,2025-03-01T21:40:45.667Z,2,ETH,10,0.1,19.9,USD
default,155158,ETH-GBP,SELL,2025-03-01T21:41:45.667Z,2,ETH,10,0.1,19.9,GBP
default,155157,BTC-USD,BUY,2025-03-01T21:39:45.667Z,0.5,BTC,100.5,0.3015,-50.5515,USD
`;

const ADVANCED = {
  fills: [
    {
      entry_id: 'e-1',
      trade_id: 't-1',
      order_id: 'o-1',
      trade_time: '2025-03-01T21:39:45.123456789Z',
      trade_type: 'FILL',
      price: '100',
      size: '50',
      commission: '0.25',
      product_id: 'BTC-USD',
      size_in_quote: true,
      side: 'BUY',
    },
  ],
  cursor: '',
};

const ORDERS = {
  orders: [
    {
      order_id: 'o-1',
      product_id: 'BTC-USD',
      side: 'BUY',
      client_order_id: 'c-1',
      status: 'FILLED',
      created_time: '2025-03-01T21:39:00Z',
      last_fill_time: '2025-03-01T21:39:45Z',
      filled_size: '3',
      filled_value: '100',
      average_filled_price: '33.3333333333333333',
      total_fees: '0.25',
      product_type: 'SPOT',
    },
    { order_id: 'o-2', product_id: 'BTC-USD', side: 'BUY', status: 'CANCELLED', filled_size: '0', filled_value: '0' },
    {
      order_id: 'o-3',
      product_id: 'BIT-28',
      side: 'BUY',
      status: 'FILLED',
      filled_size: '1',
      filled_value: '9',
      product_type: 'FUTURE',
    },
  ],
  has_next: false,
};

describe('of Coinbase', () => {
  test('the CSV of fills: ids are unique per product, and without order ids each fill is an order', async () => {
    const { report } = await imported('--bot', 'pro', '--yes', await file('pro.csv', PRO));
    expect(await fillsOf('pro')).toEqual([
      {
        ...{ fill_id: 'coinbase:BTC-USD:155157', order_id: 'coinbase:BTC-USD:155157', symbol: 'BTC-USD', side: 'buy' },
        ...{ price: '100.5', size: '0.5', fee_usd: '0.3015', source: null, at: '2025-03-01 21:39:45.667000' },
      },
      expect.objectContaining({ fill_id: 'coinbase:ETH-USD:155157', side: 'sell' }),
    ]);
    expect(report.skipped).toEqual([
      { reason: 'is in the files more than once', count: 1, example: 'pro.csv row 4 (155157)' },
      {
        reason: 'its quote currency has no price in USD (GBP): state it with --quote-usd GBP=<USD>',
        count: 1,
        example: 'pro.csv row 3 (155158)',
      },
    ]);
  });

  test('"List fills": the key is entry_id, and a size in the quote currency is converted to the base', async () => {
    const { report } = await imported('--bot', 'fills', '--yes', await file('fills', JSON.stringify(ADVANCED)));
    expect(await fillsOf('fills')).toMatchObject([
      { fill_id: 'coinbase:e-1', order_id: 'o-1', size: '0.5', price: '100', at: '2025-03-01 21:39:45.123456' },
    ]);
    expect(report.skipped).toEqual([]);
  });

  test('"List orders": the price is the filled value divided by the filled size, to 40 places', async () => {
    const { report } = await imported(
      '--bot',
      'orders',
      '--yes',
      await file('orders', JSON.stringify(ORDERS, null, 2)),
    );
    expect(await fillsOf('orders')).toMatchObject([{ order_id: 'o-1', size: '3', price: `33.${'3'.repeat(40)}` }]);
    expect(report.skipped.map(({ reason }: { reason: string }) => reason)).toEqual([
      'not filled (cancelled)',
      'not spot',
    ]);
  });

  test('orders and fills of the same orders: only the fills are imported', async () => {
    const files = [await file('o', JSON.stringify(ORDERS)), await file('f', JSON.stringify(ADVANCED))];
    const { report } = await imported('--bot', 'both', '--yes', ...files);
    expect(await fillsOf('both')).toMatchObject([{ fill_id: 'coinbase:e-1' }]);
    expect(report.skipped).toContainEqual({
      reason: 'the files have its order in more detail',
      count: 1,
      example: 'coinbase-order:o-1',
    });
  });
});

/** A trade of freqtrade with two buys and one sell, as in its database and its JSON. */
const TRADE = {
  pair: 'BTC/USDT',
  is_short: 0,
  leverage: 1,
  open_rate: 105,
  close_rate: 120,
  amount: 2,
  fee_open: 0.001,
  fee_close: 0.001,
  enter_tag: 'dip',
  exit_reason: 'roi',
  funding_fees: 0,
  open_date: '2025-03-01 10:00:00.000000',
  close_date: '2025-03-02 10:00:00.000000',
};
const order = (order_id: string | null, side: string, rest: object) => ({ order_id, ft_order_side: side, ...rest });

describe('of freqtrade', () => {
  test('its database: every filled order is a fill, and unfilled orders are not', async () => {
    const path = await file('tradesv3.sqlite', '');
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE trades (id INTEGER PRIMARY KEY, ${Object.keys(TRADE).join(', ')});
      CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id INTEGER, order_id, ft_order_side, average, filled, order_date, order_filled_date)`);
    const insertTrade = database.prepare(
      `INSERT INTO trades VALUES (?, ${Object.keys(TRADE)
        .map(() => '?')
        .join(', ')})`,
    );
    insertTrade.run(1, ...Object.values(TRADE));
    insertTrade.run(2, ...Object.values({ ...TRADE, is_short: 1 }));
    insertTrade.run(3, ...Object.values({ ...TRADE, pair: 'ETH/USDT:USDT', leverage: 3, funding_fees: -1.5 }));
    const insertOrder = database.prepare('INSERT INTO orders VALUES (NULL, 1, ?, ?, ?, ?, ?, ?)');
    insertOrder.run('x-1', 'buy', 100, 1, '2025-03-01 09:59:59.000000', '2025-03-01 10:00:00.000000');
    insertOrder.run('x-2', 'buy', 110, 1, '2025-03-01 11:59:59.000000', '2025-03-01 12:00:00.000000');
    insertOrder.run('x-3', 'sell', null, 0, '2025-03-02 09:00:00.000000', null);
    insertOrder.run('x-4', 'sell', 120, 2, '2025-03-02 09:59:59.000000', '2025-03-02 10:00:00.000000');
    database.close();

    const { report } = await imported('--bot', 'database', '--yes', path);
    const fills = await fillsOf('database');
    expect(fills.filter(({ order_id }) => String(order_id).startsWith('x-'))).toMatchObject([
      {
        order_id: 'x-1',
        symbol: 'BTC/USDT',
        side: 'buy',
        price: '100',
        fee_usd: '0.1',
        at: '2025-03-01 10:00:00.000000',
      },
      { order_id: 'x-2', side: 'buy', price: '110', size: '1', fee_usd: '0.11' },
      { order_id: 'x-4', side: 'sell', price: '120', size: '2', fee_usd: '0.24' },
    ]);
    expect(report.skipped).toEqual([]);
    const trades = await everyPage(service, 'GET /trades', { bot_id: 'database' }, 'trades');
    const [long, short, future] = [1, 2, 3].map((n) =>
      trades.find(({ position_id }) => position_id === `freqtrade:${n}`),
    );
    expect(long).toMatchObject({ side: 'long', exit_reason: 'roi', trigger_type: 'roi' });
    expect(long.pnl_usd).toBeCloseTo(240 - 0.24 - (100 + 0.1 + 110 + 0.11), 9);
    // Sold 2 at 105, bought back at 120; the fees are 0.1 % of each: 210 - 0.21 - 240 - 0.24.
    expect(short).toMatchObject({ side: 'short', pnl_usd: -30.45 });
    // Amounts are those of the position, regardless of leverage; 1.5 of funding was paid: 240 - 0.24 - 210 - 0.21 - 1.5.
    expect(future).toMatchObject({ side: 'long', symbol: 'ETH/USDT:USDT', pnl_usd: 28.05 });
  });

  test('the result of a backtest: trades without ids, separately for each strategy', async () => {
    const orders = [
      order(null, 'buy', { safe_price: 105, amount: 2, order_filled_timestamp: 1740823200000 }),
      order(null, 'sell', { safe_price: 120, amount: 2, order_filled_timestamp: 1740909600000 }),
    ];
    const result = {
      strategy: { A: { trades: [{ ...TRADE, orders }] }, B: { trades: [TRADE] } },
      strategy_comparison: [],
    };
    await imported('--bot', 'backtest', '--yes', await file('result.json', JSON.stringify(result)));
    expect((await fillsOf('backtest')).map(({ fill_id }) => fill_id)).toEqual([
      'freqtrade:A:2025-03-01T10:00:00.000000Z:1:1',
      'freqtrade:B:2025-03-01T10:00:00.000000Z:2:buy',
      'freqtrade:A:2025-03-01T10:00:00.000000Z:1:2',
      'freqtrade:B:2025-03-01T10:00:00.000000Z:2:sell',
    ]);
  });
});
