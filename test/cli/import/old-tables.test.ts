import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startImporting } from './importing.ts';

const { service, imported, shown, file } = await startImporting();

/** Dumps as psql's `\copy … CSV HEADER` writes them. The sell precedes its buy, which has two fills. */
const RECORDS = `order_id,parent_id,symbol,side,price,size,total_fees,order_time,trigger,status,source
s-1,b-1,BTC-USD,sell,110,2,0.22,2025-03-02 12:00:00+00,"{""trigger"": ""TAKE_PROFIT""}",filled,websocket
b-1,,BTC-USD,buy,100,2,0.20,2025-03-02 10:00:00+00,"""limit""",filled,websocket
b-1-FILL-1,,BTC-USD,buy,100,1.5,0.15,2025-03-02 10:00:00.123456+00,LIMIT,filled,websocket
b-1-FILL-2,,BTC-USD,buy,100,0.5,0.05,2025-03-02 10:00:01+00,LIMIT,filled,websocket
b-2,,ETH-EUR,buy,2000,1,1,2025-03-02 10:00:00+00,LIMIT,filled,websocket
b-3,,BTC-USD,buy,100,1,0.1,2025-03-02 10:00:00+00,LIMIT,canceled,websocket
b-4,,BTC-USD,buy,,1,0.1,2025-03-02 10:00:00+00,LIMIT,filled,websocket
`;
const SNAPSHOTS = `snapshot_id,active_from,active_until,score_buy_target,indicator_weights,excluded_symbols,roc_sell_threshold,config_hash,notes,created_by,created_at
11,2025-03-01 00:00:00+00,2025-03-04 00:00:00+00,5.5,"{""rsi"": 2.5}",{A8-USD},-2.0,aa,first,bot,2025-03-01 00:00:00+00
12,2025-03-03 00:00:00+00,2025-03-05 00:00:00+00,5.5,"{""rsi"": 1.5}",{A8-USD},-2,bb,second,bot,2025-03-03 00:00:00+00
13,2025-03-07 00:00:00+00,,6,"{""rsi"": 1.5}",{},-2,cc,third,bot,2025-03-07 00:00:00+00
`;
const LINKS = `order_id,snapshot_id,buy_score,sell_score,trigger_type,indicators_fired,indicator_breakdown,created_at
b-1,12,6.5,1.5,"{""trigger"": ""SCORE""}",2,"{""rsi"": 2.5, ""roc"": 1.5}",2025-03-02 10:00:02+00
s-1,11,7.5,,score_buy,3,"{""rsi"": 2.5}",2025-03-02 12:00:02+00
gone,11,7.5,1,limit,1,{},2025-03-02 12:00:02+00
`;
const dumps = await Promise.all([file('a.csv', RECORDS), file('b.csv', SNAPSHOTS), file('c.csv', LINKS)]);

const reasons = (report: { skipped: { reason: string; count: number }[] }) =>
  Object.fromEntries(report.skipped.map(({ reason, count }) => [reason, count]));

const NOT_TAKEN = {
  'the files have its order in more detail': 1,
  'its quote currency has no price in USD (EUR): state it with --quote-usd EUR=<USD>': 1,
  'not filled (status canceled)': 1,
  'it has no readable price': 1,
  'a link with the signal of a buy and the order of a sell': 1,
  'a link whose order is not in the files': 1,
};

describe('dumps of the old tables', () => {
  test('are recognised by their columns, and rows that cannot be imported are counted by reason', async () => {
    const { code, report } = await imported(...dumps);
    expect(code).toBe(0);
    expect(report.read.map(({ format }: { format: string }) => format)).toEqual([
      'trade_records',
      'strategy_snapshots',
      'trade_strategy_link',
    ]);
    expect(report.bots).toMatchObject([{ bot_id: 'default', fills: 3, orders: 2, snapshots: 3 }]);
    expect(reasons(report)).toEqual(NOT_TAKEN);
    expect(report.notes).toEqual([
      '1 snapshot overlapped the next one; each ends where the next begins.',
      expect.stringContaining(
        'from 2025-03-05T00:00:00.000000Z to 2025-03-07T00:00:00.000000Z, perhaps because rollbacks were not stored',
      ),
      '1 link named a snapshot that was not active when its order was filled; these orders are attributed by their time.',
    ]);
    expect((await service.sql('SELECT FROM fills')).length).toBe(0);
  });

  test('give the trade under the snapshot of its time, with its triggers and scores', async () => {
    const { code, report } = await imported('--yes', ...dumps);
    expect(code).toBe(0);
    expect(report.sent).toMatchObject({ snapshots: { new: 3 }, fills: { new: 3 }, refused: 0 });

    const { snapshots } = (await service.call('GET /snapshots')).body;
    expect(
      snapshots.map(({ notes, active_until }: { notes: string; active_until: string }) => [notes, active_until]),
    ).toEqual([
      ['third', null],
      ['second', '2025-03-05T00:00:00Z'],
      ['first', '2025-03-03T00:00:00Z'],
    ]);
    const first = snapshots.at(-1).snapshot_id;
    const { config } = (await service.call('GET /snapshots/{snapshot_id}', { path: { snapshot_id: first } })).body;
    expect(config).toEqual({
      score_buy_target: 5.5,
      indicator_weights: { rsi: 2.5 },
      excluded_symbols: ['A8-USD'],
      roc_sell_threshold: -2,
    });

    const trades = await everyPage(service, 'GET /trades', {}, 'trades');
    expect(trades).toMatchObject([
      { order_id: 's-1', size: 2, entry_snapshot_id: first, attribution: 'link', trigger_type: 'take_profit' },
    ]);
    expect(trades[0].pnl_usd).toBeCloseTo(220 - 0.22 - (200 + 0.2), 9);
    const link = await service.call('GET /trade-links/{order_id}', { path: { order_id: 'b-1' } });
    expect(link.body).toMatchObject({ trigger_type: 'score', buy_score: 6.5, indicators_fired: 2, snapshot_id: first });
  });

  test('change nothing when imported again, and the output says so', async () => {
    const { code, out } = await shown('--yes', ...dumps);
    expect(code).toBe(0);
    expect(out).toContain('All of it was already there: nothing has changed.');
  });

  test('without a required column are refused with its name', async () => {
    const { code, error } = await imported(await file('lacking.csv', RECORDS.replace('order_time', 'when')));
    expect(code).toBe(1);
    expect(error).toContain(
      'It is most like trade_records (the old bot’s trade_records), but has no time (order_time, filled_at, trade_time, time)',
    );
  });
});

test('a trigger in the form of a Python dict is read as the trigger alone', async () => {
  const links = `order_id,snapshot_id,trigger_type\no-shown,1,"{'note': 'x', 'trigger': 'TAKE_PROFIT'}"`;
  await imported('--bot', 'shown', '--yes', await file('shown.csv', links));
  const { body } = await service.call('GET /trade-links/{order_id}', {
    path: { order_id: 'o-shown' },
    query: { bot_id: 'shown' },
  });
  expect(body.trigger_type).toBe('take_profit');
});

test('links that need many requests all arrive', async () => {
  const breakdown = JSON.stringify({ rsi: '€'.repeat(16_300) }).replaceAll('"', '""');
  const rows = Array.from({ length: 220 }, (_, i) => `o-${i},1,"${breakdown}"`);
  const links = await file('long.csv', ['order_id,snapshot_id,indicator_breakdown', ...rows].join('\n'));
  const { code, report } = await imported('--bot', 'long', '--yes', links);
  expect(code).toBe(0);
  expect(report.sent).toMatchObject({ links: { new: 220 }, refused: 0 });
});

test('existing links with other values are counted, even if the response is long', async () => {
  const links = (name: string, indicator: string) =>
    file(
      name,
      `order_id,snapshot_id,indicator_breakdown\n${Array.from({ length: 60 }, (_, i) => `o-${i},1,"{""${indicator.repeat(1000)}"": 1}"`).join('\n')}`,
    );
  const first = await imported('--bot', 'differing', '--yes', await links('first.csv', 'a'));
  expect(first.report.sent.links).toMatchObject({ new: 60, differing: 0 });
  const other = await imported('--bot', 'differing', '--yes', await links('other.csv', 'b'));
  expect(other.report.sent.links).toMatchObject({ new: 0, known: 60, differing: 60 });
});

test('the old tables in a database give the same as their dumps', async () => {
  const admin = new pg.Client({ connectionString: inject('server') });
  await admin.connect();
  const name = `old_${crypto.randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = new URL(`/${name}`, inject('server')).href;
  const old = new pg.Client({ connectionString: url });
  await old.connect();
  await old.query(`
    CREATE TABLE trade_records (order_id text, parent_id text, symbol text, side text, price numeric, size double precision,
      total_fees numeric, order_time timestamptz, trigger jsonb, status text, source text);
    CREATE TABLE strategy_snapshots (snapshot_id serial, active_from timestamptz, active_until timestamptz, score_buy_target numeric,
      indicator_weights jsonb, excluded_symbols text[], roc_sell_threshold numeric, config_hash text UNIQUE, notes text);
    INSERT INTO trade_records VALUES
      ('s-1', 'b-1', 'BTC-USD', 'sell', 110, 2, 0.22, '2025-03-02 12:00:00.123456+00', '{"trigger": "TAKE_PROFIT"}', 'filled', 'websocket'),
      ('b-1', NULL, 'BTC-USD', 'buy', 100, 2, 0.20, '2025-03-02 10:00:00+00', '"limit"', 'filled', 'manual');
    INSERT INTO strategy_snapshots VALUES
      (1, '2025-03-01', NULL, 5.50, '{"rsi": 2.0}', '{A8-USD}', -2.0, 'aa', 'first');`);
  await old.end();

  const { code, report } = await imported('--bot', 'from-postgres', '--yes', url);
  expect(code).toBe(0);
  expect(report.sent).toMatchObject({ snapshots: { new: 1 }, fills: { new: 2 }, links: { new: 2 } });
  expect(
    await service.sql(
      "SELECT fill_id, price::text, size::text, filled_at AT TIME ZONE 'UTC' AS at, source FROM fills WHERE bot_id = 'from-postgres' ORDER BY 1",
    ),
  ).toMatchObject([
    { fill_id: 'trade_records:b-1', price: '100', size: '2', source: 'manual' },
    { fill_id: 'trade_records:s-1', price: '110', size: '2', source: 'websocket' },
  ]);
  const { config } = (await service.call('GET /snapshots/current', { query: { bot_id: 'from-postgres' } })).body;
  expect(config).toEqual({
    score_buy_target: 5.5,
    indicator_weights: { rsi: 2 },
    excluded_symbols: ['A8-USD'],
    roc_sell_threshold: -2,
  });
  const again = await imported('--bot', 'from-postgres', '--yes', url);
  expect(again.report.sent).toMatchObject({
    snapshots: { new: 0, known: 1 },
    fills: { new: 0, known: 2 },
    links: { new: 0, known: 2 },
  });
});
