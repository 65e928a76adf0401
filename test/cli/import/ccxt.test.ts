import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startImporting } from './importing.ts';

const { service, imported, shown, file } = await startImporting();

const settings = await file('settings.json', '{"rsi_buy_threshold": 30}');

const tradesOf = async (bot_id: string) =>
  (await everyPage(service, 'GET /trades', { bot_id }, 'trades'))
    .map(({ symbol, side, size, pnl_usd }) => ({ symbol, side, size, pnl_usd: Number(pnl_usd.toFixed(9)) }))
    .reverse();

const minute = (n: number) => Date.parse('2025-06-01T09:00:00Z') + n * 60_000;

/** A trade as `safeTrade` of ccxt fills it in. */
const trade = (id: string, at: number, rest: object) => ({
  ...{ id, order: `order-${id}`, timestamp: minute(at), datetime: new Date(minute(at)).toISOString() },
  ...{ type: 'limit', takerOrMaker: 'taker', info: {}, fee: { cost: undefined, currency: undefined }, fees: [] },
  ...rest,
});

const SPOT = { symbol: 'BTC/USDT', amount: 0.01 };
const PERPETUAL = { symbol: 'ETH/USDT:USDT', amount: 10 };
const IN_BTC = { symbol: 'ETH/BTC', amount: 2 };
const IN_EUR = { symbol: 'ETH/EUR', amount: 1 };

const HISTORY = [
  // The fee of the buy is taken off its size, as Binance does: 0.00999 is left, and all of it is sold.
  trade('1', 0, { ...SPOT, side: 'buy', price: 100_000, cost: 1000, fee: { cost: 0.00001, currency: 'BTC' } }),
  trade('2', 10, {
    ...{ ...SPOT, amount: 0.00999, side: 'sell', price: 101_000, cost: 1008.99 },
    // A maker's rebate.
    ...{ takerOrMaker: 'maker', fee: { cost: -0.25, currency: 'USDT' } },
  }),
  // A perpetual in contracts of 0.01 ETH: ccxt's cost has the contract size in it. Sold 0.1 ETH, bought it back 100 lower.
  trade('3', 20, { ...PERPETUAL, side: 'sell', price: 2500, cost: 250, fee: { cost: 0.125, currency: 'USDT' } }),
  trade('4', 30, { ...PERPETUAL, side: 'buy', price: 2400, cost: 240, fee: { cost: 0.12, currency: 'USDT' } }),
  // Quotes that are no dollar, the second with two fees: in the quote and in a third coin with its rate.
  trade('5', 40, { ...IN_BTC, side: 'buy', price: 0.025, cost: 0.05, fee: { cost: 0.00005, currency: 'BTC' } }),
  trade('6', 50, {
    ...{ ...IN_BTC, side: 'sell', price: 0.024, cost: 0.048 },
    fees: [
      { cost: 0.00002, currency: 'BTC' },
      { cost: 0.0001, currency: 'BNB', rate: 0.00075 },
    ],
  }),
  trade('7', 60, { ...IN_EUR, side: 'buy', price: 2300, cost: 2300, fee: { cost: 2.3, currency: 'EUR' } }),
  trade('8', 70, { ...IN_EUR, side: 'sell', price: 2290, cost: 2290, fee: { cost: 2.29, currency: 'EUR' } }),
  trade('9', 80, { symbol: 'BTC/USD:BTC', amount: 1, side: 'buy', price: 100_000, cost: 0.00001 }),
  trade('10', 81, { symbol: 'BTC/USD:BTC-251226', amount: 1, side: 'buy', price: 100_000, cost: 0.00001 }),
  trade('11', 82, { symbol: 'BTC/USDT:USDT-251226-100000-C', amount: 1, side: 'buy', price: 900, cost: 900 }),
  trade('12', 83, { symbol: 'SOL/USDT:USDT', amount: 5, side: 'buy', price: 150, cost: undefined }),
];

/** Computed by hand: BTC at 100,000 USD and EUR at 1.10 USD. */
const PNL = {
  // 0.00999 × 101,000 + 0.25 − 0.01 × 100,000
  spot: 9.24,
  // 0.1 × (2,500 − 2,400) − 0.125 − 0.12
  perpetual: 9.755,
  // (0.048 − 0.00002 − 0.048 × 0.00075 − 0.05 − 0.00005) × 100,000
  btc: -210.6,
  // (2,290 − 2.29 − 2,300 − 2.30) × 1.10
  eur: -16.049,
};

describe('trades of ccxt', () => {
  test('from an empty database to the comparison: totals, win rate and profit factor as computed by hand', async () => {
    const path = await file('trades.json', JSON.stringify(HISTORY));
    const { code, report } = await imported(
      ...['--bot', 'all', '--yes', '--config', settings, '--quote-usd', 'BTC=100000,EUR=1.10', path],
    );
    expect(code).toBe(0);
    expect(report.sent).toMatchObject({ snapshots: { new: 1 }, fills: { new: 8 }, refused: 0 });
    expect(await tradesOf('all')).toEqual([
      { symbol: 'BTC/USDT', side: 'long', size: 0.00999, pnl_usd: PNL.spot },
      { symbol: 'ETH/USDT:USDT', side: 'short', size: 0.1, pnl_usd: PNL.perpetual },
      { symbol: 'ETH/BTC', side: 'long', size: 2, pnl_usd: PNL.btc },
      { symbol: 'ETH/EUR', side: 'long', size: 1, pnl_usd: PNL.eur },
    ]);
    const [won, lost] = [PNL.spot + PNL.perpetual, -(PNL.btc + PNL.eur)];
    expect(report.results).toMatchObject([{ bot_id: 'all', orders_without_snapshot: 0 }]);
    const [strategy] = report.results[0].strategies;
    expect(strategy).toMatchObject({ total_trades: 4, winning_trades: 2, avg_win_rate: 50, open_positions: 0 });
    expect(strategy.total_pnl).toBeCloseTo(won - lost, 9);
    expect(strategy.avg_profit_factor).toBeCloseTo(won / lost, 9);
    expect(report.skipped).toEqual([
      {
        reason: 'an inverse contract (settled in its base coin), which is not supported',
        count: 2,
        example: 'trades.json row 9',
      },
      {
        reason: 'a contract whose size the file does not state: add "contractSize" or ccxt’s "cost"',
        count: 1,
        example: 'trades.json row 12',
      },
      { reason: 'an option, which is not supported', count: 1, example: 'trades.json row 11' },
    ]);
  });

  test('JSON lines are read too; fills are named by symbol and id, and a repeat changes nothing', async () => {
    const lines = HISTORY.slice(0, 2).map((each) => JSON.stringify(each));
    const path = await file('trades.jsonl', lines.join('\n'));
    await imported('--bot', 'lines', '--yes', path);
    const fills = await service.sql("SELECT fill_id, order_id FROM fills WHERE bot_id = 'lines' ORDER BY filled_at");
    expect(fills).toEqual([
      { fill_id: 'BTC/USDT:1', order_id: 'order-1' },
      { fill_id: 'BTC/USDT:2', order_id: 'order-2' },
    ]);
    const { report } = await imported('--bot', 'lines', '--yes', path);
    expect(report.sent.fills).toMatchObject({ new: 0, known: 2 });
  });

  test('the exact decimals come from the exchange’s own answer, where they are the same double', async () => {
    const exact = { side: 'buy', price: 0.12345678901234568, amount: 3, info: { px: '0.123456789012345678', sz: '3' } };
    const path = await file('exact.json', JSON.stringify([trade('1', 0, { symbol: 'X/USDT', ...exact })]));
    await imported('--bot', 'exact', '--yes', path);
    expect(await service.sql("SELECT price::text, size::text FROM fills WHERE bot_id = 'exact'")).toEqual([
      { price: '0.123456789012345678', size: '3' },
    ]);
  });

  test('hedge mode: the exchange names the side of the position', async () => {
    const both = ['LONG', 'SHORT'].map((positionSide, n) => {
      const side = positionSide === 'LONG' ? 'buy' : 'sell';
      return trade(String(n), n, { ...PERPETUAL, amount: 1, side, price: 2500, cost: 2500, info: { positionSide } });
    });
    await imported('--bot', 'hedge', '--yes', await file('hedge.json', JSON.stringify(both)));
    const { positions } = (await service.call('GET /positions', { query: { bot_id: 'hedge' } })).body;
    expect(positions.map(({ side }: { side: string }) => side)).toEqual(['long', 'short']);
  });

  test('what is missing is stated: order ids, and the price of a fee in a third coin', async () => {
    const path = await file(
      'lacking.json',
      JSON.stringify([
        trade('1', 0, { ...SPOT, order: null, side: 'buy', price: 100_000, fee: { cost: 0.001, currency: 'BNB' } }),
      ]),
    );
    const { out } = await shown('--bot', 'lacking', path);
    expect(out).toContain('has no order id: its own id is used, so each such trade is an order');
    expect(out).toContain('has a fee in BNB, which counts as missing: state the price with --quote-usd BNB=<USD>');

    await imported('--bot', 'lacking', '--yes', path);
    const { report } = await imported('--bot', 'lacking', '--yes', '--quote-usd', 'BNB=600', path);
    expect(report.sent.fills).toMatchObject({ new: 0, updated: 1 });
    expect(await service.sql("SELECT order_id, fee_usd::text FROM fills WHERE bot_id = 'lacking'")).toEqual([
      { order_id: '1', fee_usd: '0.6' },
    ]);
  });
});
