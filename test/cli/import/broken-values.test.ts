import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { formats } from '../../../cli/import/formats.ts';
import { startImporting } from './importing.ts';

const { service, imported, file } = await startImporting();

/** A row of each format. */
const ROWS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'freqtrade-trades': {
    ...{ pair: 'BTC/USDT', open_date: '2025-03-01 00:00:00', close_date: '2025-03-02 00:00:00', is_short: 0 },
    ...{ open_rate: '1', close_rate: '2', amount: '1', fee_open: '0.001', fee_close: '0.001', enter_tag: 'dip' },
    orders: [
      { order_id: 'o-1', ft_order_side: 'buy', average: '1', filled: '1', order_filled_date: '2025-03-01 00:00:00' },
    ],
  },
  'freqtrade-runs': {
    ...{ run_id: 'r-1', strategy: 'Momentum', config: { rsi: 1 } },
    source_metrics: { backtest_start_ts: '1740787200', backtest_end_ts: '1740873600' },
  },
  'coinbase-fills': {
    ...{ trade_id: 't-1', product_id: 'BTC-USD', side: 'BUY', price: '1', size: '1', commission: '0.1' },
    trade_time: '2025-03-01T00:00:00Z',
  },
  'coinbase-orders': {
    ...{ order_id: 'o-1', product_id: 'BTC-USD', side: 'BUY', filled_size: '1', filled_value: '1', total_fees: '0.1' },
    last_fill_time: '2025-03-01T00:00:00Z',
  },
  'coinbase-statement': {
    ...{ timestamp: '2025-03-01 00:00:00 UTC', transaction_type: 'Buy', asset: 'BTC', quantity_transacted: '1' },
    ...{ price_currency: 'USD', subtotal: '$1.00', 'fees_and/or_spread': '$0.10', notes: 'Bought 1 BTC for $1.10 USD' },
  },
  'ccxt-trades': {
    ...{
      id: 't-1',
      order: 'o-1',
      timestamp: '1740787200000',
      symbol: 'BTC/USDT',
      side: 'buy',
      price: '1',
      amount: '1',
    },
    ...{ fee: { cost: '0.1', currency: 'USDT' }, info: { px: '1' } },
  },
  'hummingbot-fills': {
    ...{ market: 'binance', symbol: 'BTC-USDT', order_id: 'o-1', exchange_trade_id: 't-1', trade_type: 'BUY' },
    ...{
      price: '1',
      amount: '1',
      timestamp: '1740787200000',
      trade_fee: { flat_fees: [{ token: 'USDT', amount: '0.1' }] },
    },
  },
  'hummingbot-funding': {
    market: 'binance_perpetual',
    symbol: 'BTC-USDT',
    rate: '0.1',
    amount: '0.1',
    timestamp: '1740787200000',
  },
  'hummingbot-controllers': {
    controller_id: '1',
    id: 'pmm',
    timestamp: '1740787200',
    type: 'pmm',
    config: { spread: 1 },
  },
  trade_records: {
    ...{ order_id: 'o-1', symbol: 'BTC-USD', side: 'buy', price: '1', size: '1', trigger: { trigger: 'LIMIT' } },
    order_time: '2025-03-01 00:00:00+00',
  },
  strategy_snapshots: { snapshot_id: 's-1', active_from: '2025-03-01 00:00:00+00', notes: 'First', config: { rsi: 1 } },
  trade_strategy_link: {
    order_id: 'o-1',
    snapshot_id: 's-1',
    buy_score: '1',
    trigger_type: 'limit',
    indicator_breakdown: { rsi: 1 },
  },
};

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** JSON texts, each of which no column should have. */
const BROKEN = [
  nested(5000),
  nested(100_000),
  '{"a": {"b": 1e999}}',
  '9007199254740993',
  '1e999',
  '"\\u0000"',
  '"\\ud800"',
  '[[1]]',
  '"0001-01-01 00:00"',
  '"2025-02-30 00:00"',
];

test('every format has a row here', () => {
  expect(Object.keys(ROWS).sort()).toEqual(formats.map(({ name }) => name).sort());
});

describe.each(Object.entries(ROWS))('%s', (format, row) => {
  test.each(Object.keys(row))(
    'a broken value of %s is imported, or refused with its file and its row',
    async (column) => {
      for (const [n, value] of BROKEN.entries()) {
        const cells = Object.entries(row).map(
          ([name, cell]) => `${JSON.stringify(name)}: ${name === column ? value : JSON.stringify(cell)}`,
        );
        const name = `${format} ${n}.json`;
        const { code, error, report } = await imported('--format', format, await file(name, `[{${cells.join(', ')}}]`));
        if (code === 0) {
          for (const { example } of report.skipped) expect(example).toContain(`${name} row 1`);
          continue;
        }
        expect(error).toContain(name);
        expect(error).toMatch(/ row 1|too deeply|has no records/);
      }
    },
  );
});

/** A row of each table of a database, as SQL. */
const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  trades: {
    ...{
      id: '1',
      pair: "'BTC/USDT'",
      is_open: '0',
      is_short: '0',
      open_date: "'2025-03-01 00:00:00'",
      open_rate: '1.5',
    },
    ...{ close_date: "'2025-03-02 00:00:00'", close_rate: '2.5', amount: '1.0', fee_open: '0.001', fee_close: '0.001' },
  },
  orders: {
    ...{
      id: '1',
      ft_trade_id: '1',
      ft_is_open: '0',
      order_id: "'o-1'",
      ft_order_side: "'buy'",
      filled: '1.0',
      average: '1.5',
    },
    ...{ order_filled_date: "'2025-03-01 00:00:00'", order_date: "'2025-03-01 00:00:00'" },
  },
  TradeFill: {
    ...{
      market: "'binance'",
      symbol: "'BTC-USDT'",
      order_id: "'o-1'",
      exchange_trade_id: "'t-1'",
      trade_type: "'BUY'",
    },
    ...{ price: '1500000', amount: '1000000', timestamp: '1740787200000', trade_fee: "'{}'", trade_fee_in_quote: '0' },
  },
  FundingPayment: {
    ...{ market: "'binance_perpetual'", symbol: "'BTC-USDT'", rate: '0.1', amount: '0.1', timestamp: '1740787200000' },
  },
  Controllers: { controller_id: '1', id: "'pmm'", timestamp: '1740787200', type: "'pmm'", config: `'{"spread": 1}'` },
  trade_records: {
    ...{ order_id: "'o-1'", symbol: "'BTC-USD'", side: "'buy'", price: '1.5', size: '1.0', trigger: "'LIMIT'" },
    order_time: "'2025-03-01 00:00:00+00'",
  },
  strategy_snapshots: {
    snapshot_id: "'s-1'",
    active_from: "'2025-03-01 00:00:00+00'",
    notes: "'First'",
    config: `'{"rsi": 1}'`,
  },
  trade_strategy_link: { order_id: "'o-1'", snapshot_id: "'s-1'", buy_score: '1', trigger_type: "'limit'" },
};

const BROKEN_IN_SQL = [
  '100.5',
  '1e300',
  '9e999',
  '9223372036854775807',
  "x'00ff'",
  "'text'",
  "''",
  'NULL',
  '-1',
  `'${nested(5000)}'`,
];

describe.each(Object.entries(TABLES))('the table %s of a database', (table, columns) => {
  test.each(Object.keys(columns))(
    'a broken value of %s is imported, or refused with its file and its row',
    async (column) => {
      for (const [n, value] of BROKEN_IN_SQL.entries()) {
        const name = `${table} ${column} ${n}.sqlite`;
        const path = await file(name, '');
        const sqlite = new DatabaseSync(path);
        const tables = table === 'orders' ? ['trades', 'orders'] : [table];
        for (const each of tables) {
          const cells = { ...TABLES[each], ...(each === table && { [column]: value }) };
          sqlite.exec(`CREATE TABLE ${each} (${Object.keys(cells).join(', ')})`);
          sqlite.exec(`INSERT INTO ${each} VALUES (${Object.values(cells).join(', ')})`);
        }
        sqlite.close();
        const { code, error, report } = await imported(path);
        if (code === 0)
          for (const { example } of report.skipped) expect(example).toContain(`${path} ${tables[0]} row 1`);
        else expect(error).toContain(`${path} ${tables[0]} row 1`);
      }
    },
  );
});

test('prices of Hummingbot that are not whole millionths are not guessed, and large ones are exact', async () => {
  const path = await file('millionths.sqlite', '');
  const sqlite = new DatabaseSync(path);
  const { TradeFill = {} } = TABLES;
  sqlite.exec(`CREATE TABLE TradeFill (${Object.keys(TradeFill).join(', ')})`);
  for (const [id, price] of [
    ['whole', '9007199254740993'],
    ['fraction', '100.5'],
  ])
    sqlite.exec(
      `INSERT INTO TradeFill VALUES (${Object.values({ ...TradeFill, exchange_trade_id: `'${id}'`, order_id: `'${id}'`, price }).join(', ')})`,
    );
  sqlite.close();
  const { report } = await imported('--yes', '--bot', 'millionths', path);
  expect(await service.sql("SELECT price::text FROM fills WHERE bot_id = 'millionths'")).toEqual([
    { price: '9007199254.740993' },
  ]);
  expect(report.skipped).toEqual([
    {
      reason: expect.stringContaining('a price or an amount'),
      count: 1,
      example: `${path} TradeFill row 2 (fraction)`,
    },
  ]);
});

describe('settings that cannot be sent end with an error that names their file:', () => {
  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(10)}]`),
  ].join('\n');

  test.each<[string, string, string]>([
    ['aliases.yml', bomb, 'Excessive alias count'],
    ['itself.yml', 'a: &a\n  b: *a\n', 'it contains itself'],
    ['deep.yml', nested(20_000), 'Maximum call stack'],
    ['deep.json', `{"a": ${nested(60_000)}}`, 'nested'],
    ['large.yml', Array.from({ length: 60_000 }, (_, n) => `key_${n}: 1`).join('\n'), 'is larger than 200 KB'],
    ['list.yml', '- 1\n', 'must be a JSON object'],
  ])('%s', async (name, text, reason) => {
    const history = await file(`history of ${name}.json`, JSON.stringify([ROWS['coinbase-fills']]));
    const { code, error, report } = await imported('--config', await file(name, text), history);
    const said = code === 0 ? JSON.stringify(report.skipped) : error;
    expect(said).toContain(name);
    expect(said).toContain(reason);
  });

  test('a device without an end', async () => {
    const history = await file('history.json', JSON.stringify([ROWS['coinbase-fills']]));
    expect(await imported('--config', '/dev/zero', history)).toMatchObject({
      code: 1,
      error: expect.stringContaining('/dev/zero is larger than 200 KB'),
    });
  });
});
