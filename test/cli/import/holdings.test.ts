import { expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startImporting } from './importing.ts';

const { service, imported, shown, file } = await startImporting();

/** Sells 3 of a holding, buys 2, sells 2. Without the holding the first sell is unmatched, and a later one would close new buys. */
const HISTORY = await file(
  'history.csv',
  `order_id,symbol,side,price,size,fee,time
old,BTC-USD,sell,90,3,0,2025-03-01T10:00:00Z
buy,BTC-USD,buy,100,2,0,2025-03-02T10:00:00Z
more,BTC-USD,sell,80,3,0,2025-03-03T10:00:00Z
sell,BTC-USD,sell,110,2,0,2025-03-04T10:00:00Z
`,
);

async function tradesOf(bot_id: string) {
  await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2025-01-01T00:00:00Z' } });
  const trades = await everyPage(service, 'GET /trades', { bot_id }, 'trades');
  return trades.map(({ order_id, size, pnl_usd, attribution }) => [order_id, size, pnl_usd, attribution]).reverse();
}

test('the size missing to sells is reported, as the least that must have been held', async () => {
  const { report } = await imported(HISTORY);
  expect(report.lacking).toMatchObject([
    { symbol: 'BTC-USD', sells: 3, sells_without_buy: 3, lacks: '6', first_sell_price: '90' },
  ]);
});

test('the dry run shows which buys would be matched to sells of the holdings, and that stated holdings prevent it', async () => {
  const { out } = await shown(HISTORY);
  expect(out).toContain(
    '1 buy would be matched to such a sell: the first, of 2025-03-02 10:00, to that of 2025-03-03 10:00',
  );
  const held = await shown('--assume-holdings', HISTORY);
  expect(held.out).toContain('Held before the first fill:\n  BTC-USD: 6 at 90\nThe first sells are matched to these');
});

test('assumed holdings prevent sells of old holdings from closing new buys, and count for no strategy', async () => {
  const { code } = await imported('--bot', 'assumed', '--assume-holdings', '--yes', HISTORY);
  expect(code).toBe(0);
  expect(await tradesOf('assumed')).toEqual([
    ['old', 3, 0, 'manual'],
    ['more', 3, -30, 'manual'],
    ['sell', 2, 20, 'time'],
  ]);
  const again = await imported('--bot', 'assumed', '--assume-holdings', '--yes', HISTORY);
  expect(again.report.sent.fills).toMatchObject({ new: 0, updated: 0, known: 5 });
});

test.each([
  ['CSV', 'symbol,size,cost\nBTC-USD,6,420\nETH-USD,1,5\n'],
  ['JSON', '[{"symbol": "BTC-USD", "size": 6, "price": "70"}, {"symbol": "ETH-USD", "size": 1, "price": 5}]'],
])(
  'holdings that are stated as %s are bought by hand at their cost, just before the first fill',
  async (kind, content) => {
    const { report } = await imported(...['--bot', kind, '--holdings', await file(kind, content), '--yes', HISTORY]);
    expect(report.lacking).toEqual([]);
    expect(report.skipped).toMatchObject([{ reason: 'a holding of a symbol without fills in the files', count: 1 }]);
    expect(await tradesOf(kind)).toEqual([
      ['old', 3, 60, 'manual'],
      ['more', 3, 30, 'manual'],
      ['sell', 2, 20, 'time'],
    ]);
  },
);

test('holdings without a size column are refused with its name', async () => {
  const { code, error } = await imported('--holdings', await file('bad', 'symbol,cost\nBTC-USD,1\n'), HISTORY);
  expect([code, error]).toEqual([1, expect.stringContaining('no column for size (size, amount)')]);
});
