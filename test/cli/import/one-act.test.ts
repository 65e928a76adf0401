import { describe, expect, test } from 'vitest';
import { startImporting } from './importing.ts';

const { service, imported, shown, file } = await startImporting();

const settings = await file('settings.json', '{"rsi_buy_threshold": 30}');
const HISTORY = await file(
  'history.csv',
  `order_id,symbol,side,price,size,fee,time
a,BTC-USD,buy,100,1,0,2025-03-01T10:00:00Z
b,BTC-USD,sell,110,1,0,2025-03-02T10:00:00Z
c,BTC-USD,buy,100,1,0,2026-03-03T10:00:00Z
d,BTC-USD,sell,95,1,0,2026-03-04T10:00:00Z
`,
);

const periodsOf = async (bot_id: string): Promise<(string | null)[][]> =>
  (await service.call('GET /snapshots', { query: { bot_id } })).body.snapshots.map(
    (each: Record<string, string | null>) => [each.notes, each.active_from, each.active_until],
  );

describe('an import with the settings', () => {
  test('shows the figures of the strategy at once, over more than a year', async () => {
    const { code, out } = await shown('--bot', 'once', '--yes', '--config', settings, HISTORY);
    expect(code).toBe(0);
    expect(out).toContain(
      'settings.json: 2 trades, win rate 50.0 %, P&L $5.00, profit factor 2.00, $2.50 per trade, 0 open\nLook at it: strategy compare --bot once',
    );
    expect(await periodsOf('once')).toEqual([['settings.json', '2025-03-01T10:00:00Z', null]]);
  });

  test('counts from --from on, and says how many orders are from before', async () => {
    const { out, error } = await shown(
      ...['--bot', 'from', '--yes', '--config', settings, '--notes', 'RSI 30', '--from', '2026-01-01', HISTORY],
    );
    expect(error).toBe('');
    expect(out).toContain('2 orders were filled before --from and count for no strategy.');
    expect(out).toContain('RSI 30: 1 trade, win rate 0.0 %, P&L -$5.00, profit factor 0.00');
    expect(await periodsOf('from')).toEqual([['RSI 30', '2026-01-01T00:00:00Z', null]]);
  });

  test('other settings since a later time end the earlier ones, and the same settings change nothing', async () => {
    await imported('--bot', 'change', '--yes', '--config', settings, HISTORY);
    const same = await imported('--bot', 'change', '--yes', '--config', settings, '--from', '2026-01-01', HISTORY);
    expect(same.report.sent.snapshots).toEqual({ new: 0, known: 1 });
    const other = await file('other.json', '{"rsi_buy_threshold": 25}');
    const { report } = await imported('--bot', 'change', '--yes', '--config', other, '--from', '2026-01-01', HISTORY);
    expect(report.results[0].strategies).toMatchObject([
      { notes: 'other.json', total_pnl: -5 },
      { notes: 'settings.json', total_pnl: 10 },
    ]);
  });

  test('sends nothing when no row can be imported', async () => {
    const path = await file(
      'unfilled.csv',
      'order_id,symbol,side,price,size,time\na,BTC-USD,buy,,1,2025-03-01T10:00:00Z',
    );
    const { code, out } = await shown('--bot', 'nothing', '--yes', '--config', settings, path);
    expect(code).toBe(0);
    expect(out).toContain('are not sent: there are no fills.');
    expect(out).toMatch(/Nothing was sent\.\n$/);
    expect(await periodsOf('nothing')).toEqual([]);
  });

  test.each([
    [['--from', '2026-01-01'], '--from and --notes need --config'],
    [['--config', settings, '--from', 'May'], '--from must be a day such as 2026-11-22, or a time, and is May'],
    [['--quote-usd', 'EUR'], '--quote-usd must be prices in USD such as EUR=1.08'],
  ])('%j is a usage error', async (args, message) => {
    expect(await shown(...args, HISTORY)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });

  test('refuses settings for several bots, and settings that are not JSON', async () => {
    const runs = await file(
      'runs.csv',
      'run_id,pair,open_date,open_rate,amount\nr-1,BTC/USD,2025-03-01 10:00:00,1,1\nr-2,BTC/USD,2025-03-01 10:00:00,1,1',
    );
    expect(await shown('--config', settings, runs)).toMatchObject({
      code: 2,
      error: expect.stringContaining('--config is the settings of one bot, and the files have 2'),
    });
    expect(await shown('--config', HISTORY, HISTORY)).toMatchObject({
      code: 1,
      error: expect.stringContaining('history.csv is not JSON'),
    });
  });
});

describe('an import without settings', () => {
  test('says in the dry run and afterwards that its trades count for no strategy, and what to add', async () => {
    const dry = await shown('--bot', 'without', HISTORY);
    expect(dry.out).toContain('The files have no settings.');
    const { out } = await shown('--bot', 'without', '--yes', HISTORY);
    expect(out).toContain(
      'Bot without: 4 orders from before its first snapshot count for no strategy. Repeat the import with --config settings.json',
    );
    const repeated = await shown('--bot', 'without', '--yes', '--config', settings, HISTORY);
    expect(repeated.out).toContain('Snapshots: 1 new');
    expect(repeated.out).toContain('settings.json: 2 trades');
  });

  test('a live bot’s own snapshot covers the trades', async () => {
    await service.call('POST /snapshots', {
      body: { bot_id: 'live', config: {}, notes: 'live', active_from: '2025-01-01T00:00:00Z' },
    });
    const { out } = await shown('--bot', 'live', '--yes', HISTORY);
    expect(out).toContain('live: 2 trades');
    expect(out).not.toContain('count for no strategy');
  });
});

test('bots without fills are not sent', async () => {
  const trades = await file(
    'trades.csv',
    'run_id,pair,open_date,open_rate,amount\nr-1,BTC/USD,2025-03-01 10:00:00,1,1',
  );
  const run = (run_id: string) =>
    JSON.stringify({
      ...{ run_id, strategy: 'S', config: { stake: 1 } },
      source_metrics: { backtest_start_ts: 1_735_689_600_000, backtest_end_ts: 1_743_465_600_000 },
    });
  const runs = await file('runs.jsonl', [run('r-1'), run('r-2')].join('\n'));
  const { report } = await imported('--yes', trades, runs);
  expect(report.bots).toMatchObject([{ bot_id: 'r-1', fills: 1, snapshots: 1 }]);
  expect(report.notes).toEqual(['Nothing is sent of 1 bot without fills in the files, such as r-2.']);
});

test('gaps between snapshots are one line, with the one that has the most fills', async () => {
  const at = (day: number) => `2025-03-0${day} 00:00:00`;
  const snapshots = [1, 3, 5, 7].map((from) => `${from},${at(from)},${at(from + 1)},${from}`);
  const path = await file(
    'gaps.csv',
    ['snapshot_id,active_from,active_until,score_buy_target', ...snapshots].join('\n'),
  );
  const { report } = await imported(path, HISTORY);
  expect(report.notes).toEqual([
    '3 gaps between snapshots, such as from 2025-03-02T00:00:00.000000Z to 2025-03-03T00:00:00.000000Z, perhaps because rollbacks were not stored; fills of that time, which count for no strategy: 1.',
  ]);
});

test.each([
  // Four fields of freqtrade's, two of Coinbase's.
  [
    'pair,open_date,close_date,amount,side\n',
    'It is most like freqtrade-trades (trades of freqtrade), but has no open_rate (open_rate)',
  ],
  [
    'Timestamp,Transaction Type,Asset,Notes\n',
    'It is most like coinbase-statement (an account statement of Coinbase), but has no quantity (quantity_transacted)',
  ],
  ['when,what\n', 'It has the columns when, what, which fit none of freqtrade-trades'],
])('a file with the columns %s is compared with the nearest format', async (header, message) => {
  const { code, error } = await shown(await file('unknown.csv', header));
  expect(code).toBe(1);
  expect(error).toContain(message);
});
