import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { call } = await startService();
const fill = (fill_id: string, symbol: string, side: 'buy' | 'sell', minute: number) => ({
  ...{ fill_id, order_id: fill_id, symbol, side, price: '10', size: '1', fee_usd: '0' },
  filled_at: `2026-02-01T10:0${minute}:00Z`,
});

test('a symbol in lower case is the one in upper case: its fills match, and it is found by both', async () => {
  await call('POST /snapshots', {
    body: { config: { excluded_symbols: ['btc-usd'] }, active_from: '2026-02-01T00:00:00Z' },
  });
  await call('POST /fills', {
    body: [
      fill('b', 'btc-usd', 'buy', 1),
      fill('s', 'BTC-USD', 'sell', 2),
      fill('k', 'kPEPE-USD', 'buy', 3),
      fill('l', 'Kpepe-usd', 'buy', 4),
    ],
  });
  for (const symbol of ['btc-usd', 'BTC-USD']) {
    const { trades } = (await call('GET /trades', { query: { symbol } })).body;
    expect(trades).toMatchObject([{ symbol: 'BTC-USD', order_id: 's', pnl_usd: 0 }]);
  }
  const { positions } = (await call('GET /positions')).body;
  expect(positions.map(({ symbol }: { symbol: string }) => symbol).toSorted()).toEqual(['Kpepe-usd', 'kPEPE-USD']);
  // Posted again in the other spelling, it is known and no conflict.
  expect((await call('POST /fills', { body: fill('b', 'BTC-USD', 'buy', 1) })).body).toMatchObject({ rejected: [] });

  const report = (await call('GET /report', { query: { date: '2026-02-01', format: 'json' } })).body;
  expect(report.bots[0].excluded_but_bought).toEqual([{ symbol: 'BTC-USD', orders: 1 }]);
});
