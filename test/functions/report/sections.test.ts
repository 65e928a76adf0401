import { describe, expect, test } from 'vitest';
import { FAST_EXIT_SECONDS } from '../../support/reference.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot_id = 'default';
const [first, change, last] = ['2026-05-01', '2026-05-04', '2026-05-06'];
const at = (date: string, time: string) => `${date}T${time}Z`;

interface Traded {
  readonly symbol?: string;
  readonly bought: string;
  readonly sold: string;
  readonly pnl: number;
  readonly trigger?: string;
  readonly source?: string;
}
let made = 0;

/** The fills of a closed trade of one unit, bought at 100 USD. */
async function trade(date: string, { symbol = 'BTC-USD', bought, sold, pnl, trigger, source }: Traded): Promise<void> {
  const id = `t${++made}`;
  const fill = { symbol, size: '1', fee_usd: '0', ...(source ? { source } : {}) };
  const fills = [
    { ...fill, fill_id: `${id}-b`, order_id: `${id}-b`, side: 'buy', price: '100', filled_at: at(date, bought) },
    {
      ...fill,
      fill_id: `${id}-s`,
      order_id: `${id}-s`,
      side: 'sell',
      price: String(100 + pnl),
      filled_at: at(date, sold),
    },
  ];
  expect((await service.call('POST /fills', { body: fills })).body.rejected).toEqual([]);
  if (trigger) {
    await service.call('POST /trade-links', { body: { order_id: `${id}-s`, trigger, signal_time: at(date, sold) } });
  }
}
const report = async (format: string, query: object = {}) =>
  (await service.call('GET /report', { query: { detail: 'full', date: last, bot_id, format, ...query } })).body;

await service.call('POST /snapshots', {
  body: { config: { rsi: 2.5, excluded_symbols: [] }, notes: 'before', active_from: at(first, '00:00:00') },
});
await trade('2026-05-01', { bought: '01:00:00', sold: '02:00:00', pnl: 4 });
await trade('2026-05-02', { bought: '01:00:00', sold: '02:00:00', pnl: -3 });
await service.call('POST /snapshots', {
  body: { config: { rsi: 1.5, excluded_symbols: ['A8-USD'] }, notes: 'after', active_from: at(change, '00:00:00') },
});
await trade('2026-05-05', { bought: '05:00:00', sold: '05:30:00', pnl: 2 });
for (let i = 0; i < 5; i++)
  await trade(last, { symbol: 'SOL-USD', bought: `0${i}:00:00`, sold: `0${i}:00:20`, pnl: 1, trigger: 'TAKE_PROFIT' });
for (let i = 0; i < 5; i++)
  await trade(last, { symbol: 'ETH-USD', bought: `0${i}:00:00`, sold: `1${i}:00:00`, pnl: -0.5, trigger: 'STOP_LOSS' });
await trade(last, { symbol: 'A8-USD', bought: '06:00:00', sold: '09:00:00', pnl: 9 });
await trade(last, { symbol: 'DOGE-USD', bought: '06:00:00', sold: '09:00:00', pnl: 50, source: 'manual' });
const json = (await report('json')).bots[0];
const text: string = await report('text');

describe('the section on where money was made and lost', () => {
  test('groups trades by trigger, symbol, hour and outcome, and each grouping adds up to the day', () => {
    const sums = ['by_trigger', 'by_symbol', 'by_hour', 'by_outcome'].map((dimension) =>
      json[dimension].reduce(
        ([trades, pnl]: number[], group: { total_trades: number; total_pnl_usd: number }) => [
          (trades ?? 0) + group.total_trades,
          (pnl ?? 0) + group.total_pnl_usd,
        ],
        [0, 0],
      ),
    );
    expect(sums).toEqual(Array(4).fill([json.day.total_trades, json.day.total_pnl_usd]));
    expect(json.day).toMatchObject({ total_trades: 11, total_pnl_usd: 11.5 });
    const named = (dimension: string) =>
      json[dimension].map(({ name, total_trades, total_pnl_usd }: Record<string, unknown>) => [
        name,
        total_trades,
        total_pnl_usd,
      ]);
    expect(named('by_trigger')).toEqual([
      [null, 1, 9],
      ['take_profit', 5, 5],
      ['stop_loss', 5, -2.5],
    ]);
    expect(named('by_symbol')).toEqual([
      ['A8-USD', 1, 9],
      ['SOL-USD', 5, 5],
      ['ETH-USD', 5, -2.5],
    ]);
    expect(named('by_hour')).toContainEqual(['09', 1, 9]);
  });

  test('calls no symbol with fewer than five trades best or worst', () => {
    expect(text).toContain('Best: SOL-USD with $5.00 in 5 trades. Worst: ETH-USD with -$2.50 in 5 trades.');
    expect(text).not.toContain('Best: A8-USD');
  });

  test('shows how long winners and losers were held, and the P&L of fast exits', () => {
    const held = Object.fromEntries(
      json.by_outcome.map((group: Record<string, unknown>) => [group.name, group.median_hold_time_seconds]),
    );
    expect(held).toEqual({ winning: 20, losing: 36_000 });
    expect(text).toMatch(/winning +6 +30\.3 min +20 s/);
    expect(text).toContain(`Fast exits, under ${FAST_EXIT_SECONDS} seconds: 5 trades (45.5 %), $5.00.`);
  });

  test('lists symbols that were bought although the active configuration excludes them', async () => {
    expect(json.excluded_but_bought).toEqual([{ symbol: 'A8-USD', orders: 1 }]);
    expect(text).toContain('Bought although the active configuration excluded them: A8-USD (1 order).');
    expect((await report('json', { date: '2026-05-05' })).bots[0].excluded_but_bought).toEqual([]);
    expect((await report('json', { kind: 'weekly' })).bots[0].excluded_but_bought).toEqual(json.excluded_but_bought);
    expect(await report('text', { kind: 'weekly' })).toContain(
      'Bought although the active configuration excluded them: A8-USD (1 order).',
    );
  });

  test('does not list a symbol that was only sold after it was excluded', async () => {
    const seller = 'sells-what-is-excluded';
    const snapshot = (excluded_symbols: string[], date: string) =>
      service.call('POST /snapshots', {
        body: { bot_id: seller, config: { excluded_symbols }, active_from: at(date, '00:00:00') },
      });
    await snapshot([], first);
    await snapshot(['A8-USD'], last);
    const fill = { bot_id: seller, symbol: 'A8-USD', size: '1', fee_usd: '0', price: '100' };
    await service.call('POST /fills', {
      body: [
        { ...fill, fill_id: 'b', order_id: 'b', side: 'buy', filled_at: at(change, '10:00:00') },
        { ...fill, fill_id: 's', order_id: 's', side: 'sell', filled_at: at(last, '10:00:00') },
      ],
    });
    const [section] = (await report('json', { bot_id: seller })).bots;
    expect(section.by_symbol).toMatchObject([{ name: 'A8-USD' }]);
    expect(section.excluded_but_bought).toEqual([]);
  });

  test('shows the forty symbols with the largest P&L, and pools the others', async () => {
    const busy = 'with-many-symbols';
    await service.call('POST /snapshots', { body: { bot_id: busy, config: {}, active_from: at(first, '00:00:00') } });
    const fills = Array.from({ length: 60 }, (_, i) => i + 1).flatMap((i) =>
      ['buy', 'sell'].map((side) => ({
        bot_id: busy,
        fill_id: `${i}-${side}`,
        order_id: `${i}-${side}`,
        symbol: `S${i}-USD`,
        side,
        size: '1',
        fee_usd: '0',
        price: String(side === 'buy' ? 100 : 100 + i),
        filled_at: at(last, side === 'buy' ? '01:00:00' : '02:00:00'),
      })),
    );
    await service.call('POST /fills', { body: fills });
    const { by_symbol } = (await report('json', { bot_id: busy })).bots[0];
    expect(by_symbol).toHaveLength(41);
    expect(by_symbol.at(-1)).toMatchObject({ name: null, groups: 20, total_trades: 20, total_pnl_usd: 210 });
    expect(await report('text', { bot_id: busy })).toMatch(
      /By symbol, 60 symbols[\s\S]+50 others +50 +100\.0 % +\$1,275\.00/,
    );
  });
});

describe('the change', () => {
  test('is shown as baseline and candidate, with the settings before and after', () => {
    expect(json.changes).toEqual([
      { path: '/excluded_symbols', before: [], after: ['A8-USD'] },
      { path: '/rsi', before: 2.5, after: 1.5 },
    ]);
    expect(text).toMatch(/\/rsi +2\.5 +1\.5\n/);
    expect(text).toMatch(/Expectancy +\$0\.50 +\$1\.13 +\$0\.63\n/);
    expect(text).toMatch(/win rate +over 25 % +58\.3 % +met/);
  });

  test('has an equity curve per strategy, which ends at the P&L in the table', () => {
    expect(
      json.curves.map(({ points }: { points: { pnl_usd: number }[] }) => points.map(({ pnl_usd }) => pnl_usd)),
    ).toEqual([
      [0, 2, 13.5],
      [4, 1, 1],
    ]);
    expect(json.strategies.map((strategy: { total_pnl: number }) => strategy.total_pnl)).toEqual([13.5, 1]);
  });
});

test('a configuration that was active more than once is one arm, with its number of periods', async () => {
  const bot_id = 'back-again';
  for (const [i, rsi] of [2.5, 1.5, 2.5, 1.5].entries())
    await service.call('POST /snapshots', {
      body: { bot_id, config: { rsi }, notes: `number ${i}`, active_from: at(`2026-05-0${i + 1}`, '00:00:00') },
    });
  const fills = [1, 2, 3, 4].flatMap((day) =>
    ['buy', 'sell'].map((side) => ({
      ...{ bot_id, symbol: 'BTC-USD', side, size: '1', fee_usd: '0', price: side === 'buy' ? '100' : '101' },
      ...{ fill_id: `${day}-${side}`, order_id: `${day}-${side}` },
      filled_at: at(`2026-05-0${day}`, side === 'buy' ? '10:00:00' : '11:00:00'),
    })),
  );
  await service.call('POST /fills', { body: fills });
  for (const kind of ['daily', 'weekly']) {
    const text = await report('text', { bot_id, kind });
    expect(text).toContain('Candidate, the new settings: number 3 (2 periods); 2 trades on 2 days with trades.');
    expect(text).toContain('Baseline, the old settings: number 2 (2 periods); 2 trades on 2 days with trades.');
  }
});

describe('the section on data quality', () => {
  test('shows the link rate by source, open positions, unmatched sells, and when it was computed', async () => {
    await service.call('POST /fills', {
      body: {
        fill_id: 'open',
        order_id: 'open',
        symbol: 'LTC-USD',
        side: 'buy',
        price: '70',
        size: '2',
        filled_at: at(last, '20:00:00'),
      },
    });
    const { open_positions, coverage, waiting_days, computed_at } = (await report('json')).bots[0];
    const strategies = (await service.call('GET /comparison')).body.strategies;
    expect(open_positions).toEqual([
      { snapshot_id: strategies[0].snapshot_id, notes: 'after', open_positions: 1, open_cost_usd: 140 },
    ]);
    expect(open_positions[0]).toMatchObject({
      open_positions: strategies[0].open_positions,
      open_cost_usd: strategies[0].open_cost_usd,
    });
    expect(coverage).toMatchObject({ orders: 25, linked: 10, manual: 2, fills_without_fee: 1 });
    expect(waiting_days).toBe(0);
    expect(Date.parse(`${computed_at}`)).toBeGreaterThan(Date.parse('2026-01-01'));
    const text = await report('text');
    expect(text).toContain('Open now, at cost: after: 1 trade, $140.00.');
    expect(text).toContain('Fills without a fee: 1;');
    expect(text).toMatch(/manual +2 +0 +0 +0 +2/);
    const minute = `${computed_at}`.slice(11, 16);
    expect(text).toMatch(new RegExp(`Computed \\d+ \\w+ \\d{4}, ${minute} \\(UTC\\)\\.`));
  });
});
