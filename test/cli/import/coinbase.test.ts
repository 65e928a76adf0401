import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startImporting } from './importing.ts';

const { service, imported, shown, file } = await startImporting();

const settings = await file('settings.json', '{"rsi_buy_threshold": 30}');

const pnlOf = async (bot_id: string) =>
  (await everyPage(service, 'GET /trades', { bot_id }, 'trades'))
    .map(({ symbol, pnl_usd }) => [symbol, Number(pnl_usd.toFixed(9))])
    .reverse();

const reasonsOf = (report: { skipped: readonly { reason: string; count: number }[] }) =>
  Object.fromEntries(report.skipped.map(({ reason, count }) => [reason, count]));

/** A row of "List fills", with the fields of the API. */
const fill = (entry_id: string, hour: number, rest: object) => ({
  ...{ entry_id, trade_id: `t-${entry_id}`, order_id: `o-${entry_id}`, trade_type: 'FILL', side: 'BUY' },
  ...{ product_id: 'BTC-USD', price: '100000', size: '0.01', commission: '6', size_in_quote: false },
  trade_time: `2025-03-01T${String(hour).padStart(2, '0')}:00:00.123456789Z`,
  sequence_timestamp: `2025-03-01T${String(hour).padStart(2, '0')}:00:01.000000Z`,
  ...{ liquidity_indicator: 'TAKER', user_id: '0', retail_portfolio_id: '' },
  ...rest,
});

const BOUGHT = fill('a', 8, { size: '1000', size_in_quote: true });
const SOLD = fill('b', 9, { side: 'SELL', price: '102000', commission: '5' });
const UNDONE = fill('c', 10, { price: '99000' });
const REVERSAL = fill('d', 11, {
  trade_id: 't-c',
  order_id: 'o-c',
  trade_type: 'REVERSAL',
  side: 'SELL',
  price: '99000',
});
const WRONG = fill('e', 12, { size: '0.02' });
const CORRECTION = fill('f', 13, {
  trade_id: 't-e',
  order_id: 'o-e',
  trade_type: 'CORRECTION',
  trade_time: WRONG.trade_time,
});
const LOST = fill('g', 14, { side: 'SELL', price: '99000', commission: '6' });
const SYNTHETIC = fill('h', 15, {
  trade_type: 'SYNTHETIC',
  product_id: 'ETH-EUR',
  price: '2000',
  size: '1',
  commission: '2',
});
const FUTURE = fill('i', 16, { product_id: 'BIT-28MAR25-CDE' });

/** Newest first, as the API answers. */
const FILLS = [FUTURE, SYNTHETIC, LOST, CORRECTION, WRONG, REVERSAL, UNDONE, SOLD, BOUGHT];

/** 1,000 USD at 100,000 are 0.01 BTC: 1,020 − 5 − 1,000 − 6; then 990 − 6 − 1,000 − 6 of the corrected fill. */
const [WIN, LOSS] = [9, -22];

const asCsv = (rows: readonly Readonly<Record<string, unknown>>[]) => {
  const cell = (value: unknown) => (value === true ? 'True' : value === false ? 'False' : String(value));
  return [Object.keys(BOUGHT), ...rows.map((row) => Object.keys(BOUGHT).map((name) => cell(row[name])))].join('\n');
};

describe('"List fills" of Coinbase', () => {
  test.each([
    ['as JSON', JSON.stringify({ fills: FILLS, cursor: '' })],
    ['as CSV, where Python wrote True', asCsv(FILLS)],
  ])('%s, from an empty database to the comparison: reversals undo, corrections replace', async (form, content) => {
    const { code, report } = await imported(
      ...['--bot', form, '--yes', '--config', settings, '--quote-usd', 'EUR=1.1', await file(form, content)],
    );
    expect(code).toBe(0);
    expect(await pnlOf(form)).toEqual([
      ['BTC-USD', WIN],
      ['BTC-USD', LOSS],
    ]);
    expect(report.results[0].strategies).toMatchObject([
      {
        ...{ total_trades: 2, avg_win_rate: 50, total_pnl: WIN + LOSS, open_positions: 1 },
        avg_profit_factor: expect.closeTo(WIN / -LOSS, 12),
      },
    ]);
    expect(reasonsOf(report)).toEqual({
      'undone by a reversal of Coinbase': 1,
      'a reversal of Coinbase': 1,
      'undone by a correction of Coinbase': 1,
      'a future or perpetual, whose contract size the file does not state': 1,
    });
    expect(report.remarks).toMatchObject([{ remark: expect.stringContaining('is SYNTHETIC'), count: 1 }]);
  });

  test('a fill that was imported before Coinbase reversed or corrected it is voided', async () => {
    const before = await file('before.json', JSON.stringify({ fills: [BOUGHT, SOLD, UNDONE, WRONG, LOST] }));
    await imported('--bot', 'later', '--yes', '--config', settings, before);
    const after = await file('after.json', JSON.stringify({ fills: FILLS }));
    const { report } = await imported('--bot', 'later', '--yes', after);
    expect(report.sent).toMatchObject({ voided: 2, refused: 0 });
    expect(await pnlOf('later')).toEqual([
      ['BTC-USD', WIN],
      ['BTC-USD', LOSS],
    ]);
    const { report: again } = await imported('--bot', 'later', '--yes', after);
    expect(again.sent).toMatchObject({ voided: 0, fills: { new: 0, updated: 0 }, refused: 0 });
  });

  test('a reversal without its fill is stated', async () => {
    const { report } = await imported(await file('alone.json', JSON.stringify({ fills: [BOUGHT, REVERSAL] })));
    expect(reasonsOf(report)).toEqual({ 'a reversal whose fill is not in the files': 1 });
  });
});

const PREAMBLE = '\nTransactions\nUser,Example User,0f8fad5b-d9cb-469f-a165-70867728950e\n';

/** The same trades in the column layouts of the years. */
const STATEMENTS: readonly (readonly [string, string])[] = [
  [
    '2021, with the currency in the names of the columns',
    `"You can use this transaction report to inform your likely tax obligations."

Transactions
User,user@example.com,0

Timestamp,Transaction Type,Asset,Quantity Transacted,USD Spot Price at Transaction,USD Subtotal,USD Total (inclusive of fees),USD Fees,Notes
2021-03-01T08:00:00Z,Buy,BTC,0.02,50000.00,1000.00,1010.00,10.00,Bought 0.02 BTC for $1010.00 USD
2021-03-02T08:00:00Z,Send,BTC,0.005,51000.00,"","","",Sent 0.005 BTC to bc1example
2021-03-03T08:00:00Z,Sell,BTC,0.01,52000.00,520.00,515.00,5.00,Sold 0.01 BTC for $515.00 USD
`,
  ],
  [
    '2022, with a column for the currency',
    `${PREAMBLE}
Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees),Fees,Notes
2022-03-01T08:00:00Z,Buy,BTC,0.02,USD,50000.00,1000.00,1010.00,10.00,Bought 0.02 BTC for $1010.00 USD
2022-03-02T08:00:00Z,Send,BTC,0.005,USD,51000.00,"","","",Sent 0.005 BTC to bc1example
2022-03-03T08:00:00Z,Sell,BTC,0.01,USD,52000.00,520.00,515.00,5.00,Sold 0.01 BTC for $515.00 USD
`,
  ],
  [
    '2023, with a spread',
    `${PREAMBLE}
Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes
2023-03-01T08:00:00Z,Advance Trade Buy,BTC,0.02,USD,50000.00,1000.00,1010.00,10.00,Bought 0.02 BTC for 1010 USD on BTC-USD at 50000 USD/BTC
2023-03-02T08:00:00Z,Send,BTC,0.005,USD,51000.00,255.00,255.00,0.00,Sent 0.005 BTC to bc1example
2023-03-03T08:00:00Z,Advance Trade Sell,BTC,0.01,USD,52000.00,520.00,515.00,5.00,Sold 0.01 BTC for 515 USD on BTC-USD at 52000 USD/BTC
`,
  ],
  [
    '2024 to 2026, with ids, signs and currency symbols',
    `${PREAMBLE}ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes,Sender Address,Recipient Address
1a,2025-03-01 08:00:00 UTC,Advanced Trade Buy,BTC,0.02,USD,"$50,000.00","$1,000.00","$1,010.00",$10.00,Bought 0.02 BTC for 1010 USD on BTC-USD at 50000 USD/BTC,,
1b,2025-03-02 08:00:00 UTC,Send,BTC,-0.005,USD,$51000.00,-$255.00,-$255.00,$0.00,Sent 0.005 BTC,,bc1example
1c,2025-03-03 08:00:00 UTC,Advanced Trade Sell,BTC,-0.01,USD,$52000.00,-$520.00,-$515.00,$5.00,Sold 0.01 BTC for 515 USD on BTC-USD at 52000 USD/BTC,,
`,
  ],
];

describe('an account statement of Coinbase', () => {
  test.each(STATEMENTS)('of %s, from an empty database to the comparison', async (year, content) => {
    const bot = year.slice(0, 4);
    const path = await file('statement.csv', content);
    const { code, report } = await imported('--bot', bot, '--yes', '--config', settings, path);
    expect(code).toBe(0);
    expect(report.read).toMatchObject([{ format: 'coinbase-statement', rows: 3 }]);
    // 520 − 5 − (500 + 5): half of the buy was sold.
    expect(report.results[0].strategies).toMatchObject([
      { total_trades: 1, avg_win_rate: 100, total_pnl: 10, avg_profit_factor: null, open_positions: 1 },
    ]);
    expect(reasonsOf(report)).toEqual({ 'a transfer, and not a trade (send)': 1 });
    const { report: again } = await imported('--bot', bot, '--yes', '--config', settings, path);
    expect(again.sent).toMatchObject({ snapshots: { new: 0, known: 1 }, fills: { new: 0, known: 2 } });
  });

  test('a quote that is no dollar is priced by the statement’s own valuation', async () => {
    const rows = [
      '2a,2025-03-01 08:00:00 UTC,Advanced Trade Buy,ETH,2,USD,$2500,"$5,000","$5,010",$10,Bought 2 ETH for 0.0501 BTC on ETH-BTC at 0.025 BTC/ETH',
      '2b,2025-03-02 08:00:00 UTC,Advanced Trade Sell,ETH,-2,USD,$2700,"-$5,400","-$5,390",$10,Sold 2 ETH for 0.0599 BTC on ETH-BTC at 0.03 BTC/ETH',
    ];
    const header =
      'ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes';
    const path = await file('btc.csv', `${PREAMBLE}${[header, ...rows].join('\n')}`);
    await imported('--bot', 'btc', '--yes', path);
    // Bought at 100,000 USD per BTC, sold at 90,000: 0.06 × 90,000 − 0.0001 × 90,000 − 0.05 × 100,000 − 0.0001 × 100,000.
    expect(await pnlOf('btc')).toEqual([['ETH-BTC', 381]]);
  });

  test('transfers, income, conversions and renamed coins are named, and are not taken as trades', async () => {
    const header =
      'Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes';
    const row = (type: string, asset: string, quantity: number) =>
      `2024-10-01T08:00:00Z,${type},${asset},${quantity},USD,0.5,5,5,0,`;
    const others = [
      ...[row('Withdrawal', 'USD', -100), row('Pro Deposit', 'BTC', -1), row('Receive', 'BTC', 1)],
      ...[row('Staking Income', 'ETH', 0.01), row('Convert', 'ETH', -1), row('Mystery', 'ETH', 1)],
      ...[row('Asset Migration', 'MATIC', -10), row('Asset Migration', 'POL', 10)],
      '2024-10-02T08:00:00Z,Sell,POL,4,USD,0.5,2,2,0,Sold 4 POL for $2 USD',
    ];
    const path = await file('others.csv', `${PREAMBLE}\n${[header, ...others].join('\n')}`);
    const { report } = await imported('--bot', 'others', path);
    expect(reasonsOf(report)).toEqual({
      'a transfer, and not a trade (withdrawal)': 1,
      'a transfer, and not a trade (pro deposit)': 1,
      'a transfer, and not a trade (receive)': 1,
      'income, and not a trade (staking income)': 1,
      'a conversion between coins, and not a trade on a market (convert)': 1,
      'of a type that is not known (mystery)': 1,
      'a coin that was renamed, and not a trade: state its size under the new name with --holdings (asset migration)': 2,
    });
    expect(report.lacking).toMatchObject([{ symbol: 'POL-USD', lacks: '4' }]);
    // Held as MATIC at a cost of 0.4 each.
    const held = await file('held.csv', 'symbol,size,price\nPOL-USD,10,0.4\n');
    await imported('--bot', 'others', '--yes', '--holdings', held, path);
    expect(await pnlOf('others')).toEqual([['POL-USD', 0.4]]);
  });

  test('equal rows without an id are separate fills, and a second copy of the file adds none', async () => {
    const row = '2023-03-01T08:00:00Z,Buy,BTC,0.01,USD,50000,500,500,0,Bought 0.01 BTC for $500 USD';
    const header =
      'Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes';
    const [one, two] = [await file('1.csv', `${header}\n${row}\n${row}`), await file('2.csv', `${header}\n${row}`)];
    const { report } = await imported(one, two);
    expect(report.bots).toMatchObject([{ fills: 2 }]);
    expect(reasonsOf(report)).toEqual({ 'is in the files more than once': 1 });
    expect((await shown(one)).out).toContain('has no order id in the statement');
  });
});
