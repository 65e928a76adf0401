import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { strategy } from '../strategy.ts';
import { startImporting } from './importing.ts';

const { service, url, imported, shown, file } = await startImporting();

interface Fill {
  readonly order_id: string;
  readonly market: string;
  readonly symbol: string;
  readonly trade_type: 'BUY' | 'SELL';
  readonly price: string;
  readonly amount: string;
  readonly trade_fee: object;
  readonly trade_fee_in_quote: string;
  readonly position: 'NIL' | 'OPEN' | 'CLOSE';
}

const at = (hour: number) => Date.parse('2026-07-01T00:00:00Z') + hour * 3_600_000;

const flat = (token: string, amount: string) => ({
  ...{ fee_type: 'AddedToCost', percent: '0', percent_token: null },
  flat_fees: [{ token, amount }],
});
const share = (fee_type: string, percent: string, percent_token: string | null = null) => ({
  ...{ fee_type, percent, percent_token },
  flat_fees: [],
});

const spot = { market: 'binance', symbol: 'BTC-USDT', position: 'NIL' } as const;
const perpetual = { market: 'binance_perpetual', symbol: 'ETH-USDT' } as const;

/** Each an hour after the one before. */
const FILLS: readonly Fill[] = [
  // The fee is taken off the bought coin: 0.00999 BTC are left, and all of it is sold. The conversion of the fee had failed.
  {
    ...{ ...spot, order_id: 'buy-1', trade_type: 'BUY', price: '100000', amount: '0.01' },
    ...{ trade_fee: share('DeductedFromReturns', '0.001'), trade_fee_in_quote: '0' },
  },
  // A maker's rebate of 0.25 USDT.
  {
    ...{ ...spot, order_id: 'sell-1', trade_type: 'SELL', price: '101000', amount: '0.00999' },
    ...{ trade_fee: flat('USDT', '-0.25'), trade_fee_in_quote: '-0.25' },
  },
  // A short in a perpetual, with funding in between and fees of 0.05 %, whose conversion had failed on the exit.
  {
    ...{ ...perpetual, order_id: 'short-1', trade_type: 'SELL', price: '2500', amount: '0.1', position: 'OPEN' },
    ...{ trade_fee: share('AddedToCost', '0.0005'), trade_fee_in_quote: '0.125' },
  },
  {
    ...{ ...perpetual, order_id: 'cover-1', trade_type: 'BUY', price: '2600', amount: '0.1', position: 'CLOSE' },
    ...{ trade_fee: share('AddedToCost', '0.0005', 'USDT'), trade_fee_in_quote: '0' },
  },
  // A fee in a third coin, whose value Hummingbot had converted.
  {
    ...{ ...spot, order_id: 'buy-2', trade_type: 'BUY', price: '99000', amount: '0.02' },
    ...{ trade_fee: flat('BNB', '0.003'), trade_fee_in_quote: '1.8' },
  },
];

/** 0.00999 × 101,000 + 0.25 − 0.01 × 100,000 */
const SPOT = 9.24;
/** 0.1 × (2,500 − 2,600) − 0.125 − 0.13, and 0.4 − 0.1 of funding that was received. */
const SHORT = -10.255 + 0.3;

const millionths = (text: string) => Math.trunc(Number((Number(text) * 1e6).toPrecision(12)));

async function database(name: string, fills: readonly Fill[] = FILLS): Promise<string> {
  const path = await file(name, '');
  const sqlite = new DatabaseSync(path);
  sqlite.exec(`
    CREATE TABLE TradeFill (config_file_path TEXT, strategy TEXT, market TEXT, symbol TEXT, base_asset TEXT, quote_asset TEXT,
      timestamp BIGINT, order_id TEXT, trade_type TEXT, order_type TEXT, price BIGINT, amount BIGINT, leverage INTEGER, trade_fee JSON,
      trade_fee_in_quote BIGINT, exchange_trade_id TEXT, position TEXT);
    CREATE TABLE FundingPayment (timestamp BIGINT, config_file_path TEXT, market TEXT, rate FLOAT, symbol TEXT, amount FLOAT);
    CREATE TABLE Controllers (controller_id INTEGER PRIMARY KEY, id TEXT, timestamp FLOAT, type TEXT, config JSON);
    CREATE TABLE Executors (id TEXT, timestamp FLOAT, type TEXT, close_type TEXT, close_timestamp BIGINT, status TEXT, config JSON,
      net_pnl_pct FLOAT, net_pnl_quote FLOAT, cum_fees_quote FLOAT, filled_amount_quote FLOAT, is_active BOOLEAN, is_trading BOOLEAN,
      custom_info JSON, controller_id TEXT)`);
  const add = sqlite.prepare(`INSERT INTO TradeFill VALUES (${Array(17).fill('?').join(', ')})`);
  for (const [n, fill] of fills.entries()) {
    const [base = '', quote = ''] = fill.symbol.split('-');
    add.run(
      ...['conf_pmm_1.yml', 'v2_with_controllers', fill.market, fill.symbol, base, quote, at(n), fill.order_id],
      ...[fill.trade_type, 'LIMIT', millionths(fill.price), millionths(fill.amount), 1, JSON.stringify(fill.trade_fee)],
      ...[millionths(fill.trade_fee_in_quote), `trade-${n}`, fill.position],
    );
  }
  const pay = sqlite.prepare(
    "INSERT INTO FundingPayment VALUES (?, 'conf_pmm_1.yml', 'binance_perpetual', 0.0001, 'ETH-USDT', ?)",
  );
  pay.run(at(2) + 60_000, 0.4);
  pay.run(at(2) + 120_000, -0.1);
  pay.run(at(9), 0.2);
  const start = sqlite.prepare("INSERT INTO Controllers VALUES (NULL, ?, ?, 'market_making', ?)");
  start.run('pmm_1', at(0) / 1000 - 10, JSON.stringify({ spread: '0.01' }));
  start.run('pmm_2', at(0) / 1000 - 9.5, JSON.stringify({ spread: '0.02' }));
  // A restart with the same settings, and one with others.
  start.run('pmm_1', at(1) / 1000 + 10, JSON.stringify({ spread: '0.01' }));
  start.run('pmm_2', at(1) / 1000 + 10.5, JSON.stringify({ spread: '0.02' }));
  start.run('pmm_1', at(1) / 1000 + 600, JSON.stringify({ spread: '0.03' }));
  const execute = sqlite.prepare(
    "INSERT INTO Executors VALUES (?, 0, 'position_executor', 'TP', 1, 'TERMINATED', ?, 0, ?, 0, 0, ?, 0, ?, 'pmm_1')",
  );
  const config = (trading_pair: string) => JSON.stringify({ trading_pair });
  execute.run('exec-1', config('BTC-USDT'), SPOT, 0, JSON.stringify({ order_ids: ['buy-1', 'sell-1'] }));
  // Hummingbot leaves funding out of the P&L of an executor.
  execute.run(
    'exec-2',
    config('ETH-USDT'),
    -10.255,
    0,
    JSON.stringify({ held_position_orders: [{ client_order_id: 'short-1' }], order_id: 'cover-1' }),
  );
  execute.run('exec-3', config('BTC-USDT'), -1.8, 1, JSON.stringify({ order_id: 'buy-2' }));
  sqlite.close();
  return path;
}

const tradesOf = async (bot_id: string) =>
  (await everyPage(service, 'GET /trades', { bot_id }, 'trades'))
    .map(({ symbol, side, size, pnl_usd }) => [symbol, side, size, Number(pnl_usd.toFixed(9))])
    .reverse();

describe('the database of Hummingbot', () => {
  test('from an empty database to the comparison: fees, rebate, a short with funding, and its controllers as snapshots', async () => {
    const { code, report } = await imported('--bot', 'hb', '--yes', await database('hummingbot_trades.sqlite'));
    expect(code).toBe(0);
    expect(report.skipped).toEqual([]);
    expect(await tradesOf('hb')).toEqual([
      ['BTC-USDT', 'long', 0.00999, SPOT],
      ['ETH-USDT:USDT', 'short', 0.1, Number(SHORT.toFixed(9))],
    ]);
    expect(report.notes).toEqual([
      'Funding: 2 payments are part of the costs of the fill that closed the position; 1 payment of positions that are still open will be added when they close.',
    ]);
    expect(report.results[0].strategies).toMatchObject([
      { notes: 'pmm_1', total_trades: 1, total_pnl: expect.closeTo(SHORT, 9), avg_win_rate: 0, open_positions: 1 },
      { notes: 'pmm_1, pmm_2', total_trades: 1, total_pnl: expect.closeTo(SPOT, 9), avg_win_rate: 100 },
    ]);
    const { positions } = (await service.call('GET /positions', { query: { bot_id: 'hb' } })).body;
    // 0.02 × 99,000 and the fee of 1.80.
    expect(positions).toMatchObject([{ symbol: 'BTC-USDT', size: 0.02, cost_usd: 1981.8 }]);

    const again = await imported('--bot', 'hb', '--yes', await database('again.sqlite'));
    expect(again.report.sent).toMatchObject({
      snapshots: { new: 0, known: 2 },
      fills: { new: 0, known: 5 },
      refused: 0,
    });
  });

  test('says what its six decimals lose', async () => {
    const [buy] = FILLS as [Fill];
    const small = { ...buy, symbol: 'PEPE-USDT', price: '0.00000812', amount: '1000000' };
    const path = await database('small.sqlite', [small, { ...buy, order_id: 'dust', amount: '0.00000055' }]);
    const { out } = await shown(path);
    expect(out).toContain(
      '1 × has a price or an amount that six decimals store to more than 0.1 %: the CSV of trades has all digits',
    );
    expect(out).toContain('1 × a price or an amount of 0: the database of Hummingbot cuts after six decimals');
  });

  test('is reconciled with the P&L of its executors', async () => {
    const path = await database('executors.sqlite');
    await imported('--bot', 'executors', '--yes', path);
    const { stdout } = await strategy(['reconcile', '--url', url, '--bot', 'executors', '--json', path]);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ source: 'Hummingbot', compared: 2, agreed: 1, open: 1 },
      differences: [{ trade: 'executor exec-2', claimed_pnl_usd: -10.255, reason: 'funding is only here' }],
    });
  });
});

test('the CSV of trades of Hummingbot has all decimals, and the same ids as the database', async () => {
  const header =
    'exchange_trade_id,config_file_path,strategy,market,symbol,base_asset,quote_asset,timestamp,order_id,trade_type,order_type,price,amount,leverage,trade_fee,trade_fee_in_quote,position,age';
  const quoted = (value: object) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  const lines = FILLS.map((fill, n) => {
    const [base, quote] = fill.symbol.split('-');
    return [
      ...[
        `trade-${n}`,
        'conf_pmm_1.yml',
        'pmm',
        fill.market,
        fill.symbol,
        base,
        quote,
        at(n),
        fill.order_id,
        fill.trade_type,
      ],
      ...[
        'LIMIT',
        fill.price,
        fill.amount,
        1,
        quoted(fill.trade_fee),
        fill.trade_fee_in_quote,
        fill.position,
        '00:00:10',
      ],
    ].join(',');
  });
  const csv = await file('trades_conf_pmm_1.csv', [header, ...lines].join('\n'));
  const settings = await file('conf_pmm_1.json', '{"spread": "0.01"}');
  const { report } = await imported('--bot', 'csv', '--yes', '--config', settings, csv);
  expect(report.results[0].strategies).toMatchObject([
    {
      ...{ total_trades: 2, avg_win_rate: 50, total_pnl: expect.closeTo(SPOT - 10.255, 9) },
      avg_profit_factor: expect.closeTo(SPOT / 10.255, 9),
    },
  ]);
  const { report: both } = await imported(csv, await database('both.sqlite'));
  expect(both.bots).toMatchObject([{ fills: 5 }]);
});
