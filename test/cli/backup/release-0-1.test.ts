import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartProcess, startProcess } from '../../local/start-process.ts';
import { migratedUrl } from '../../support/database.ts';
import { strategyProcess } from '../strategy.ts';

/** An export of version 0.1 with two snapshots and a rollback to the first; buys and sells, one of them corrected; links; summaries, one
 *  of them marked by a late sell; and a mailed report. */
const EXPORT = 'test/cli/backup/release-0-1.jsonl';

const [first, second, third] = [
  '00000001-0000-8000-8000-000000000001',
  '00000002-0000-8000-8000-000000000002',
  '00000003-0000-8000-8000-000000000003',
] as const;

let directory: string;
let settings: { readonly DATABASE_URL: string };
let service: StartProcess;
let api: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-0-1-'));
  settings = { DATABASE_URL: await migratedUrl() };
  expect(await strategyProcess(['restore', EXPORT], settings)).toMatchObject({
    code: 0,
    stdout: `Restored 30 rows from ${EXPORT}.\n`,
  });
  expect(await strategyProcess(['export', join(directory, 'again.jsonl')], settings)).toMatchObject({ code: 0 });
  service = startProcess(settings);
  ({ api } = await service.ready);
});

afterAll(async () => {
  service.kill('SIGTERM');
  await service.ended;
  await rm(directory, { recursive: true });
});

const get = async (path: string) => (await fetch(`${api}${path}`)).json();
async function post(path: string, body: unknown) {
  const response = await fetch(`${api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe('an export of version 0.1, restored, gives the answers of version 0.1:', () => {
  test('the snapshots, whose ids start with their numbers', async () => {
    const { snapshots } = (await get('/snapshots')) as { snapshots: unknown };
    expect(snapshots).toMatchObject([
      { snapshot_id: third, notes: 'It lost money', rollback_of: first, active_until: null },
      { snapshot_id: second, notes: 'RSI weight 1.5', rollback_of: null, active_from: '2026-11-25T12:00:00Z' },
      { snapshot_id: first, created_by: 'ana', rollback_of: null, active_from: '2026-11-24T00:00:00.123456Z' },
    ]);
    expect(await get(`/snapshots/${second}/changes`)).toEqual({
      against: first,
      changes: [{ path: '/indicator_weights/rsi', before: 2.5, after: 1.5 }],
    });
  });

  test('the trades', async () => {
    const { trades } = (await get('/trades')) as { trades: unknown };
    const [one, two] = [{ entry_snapshot_id: first }, { entry_snapshot_id: second, exit_snapshot_id: second }];
    expect(trades).toMatchObject([
      { order_id: 'sell-4', pnl_usd: 9.5, hold_seconds: 7200, attribution: 'time', ...two },
      { order_id: 'sell-3', pnl_usd: 1.5, hold_seconds: 90_000, attribution: 'link', ...one, exit_snapshot_id: second },
      { order_id: 'sell-2', pnl_usd: -0.875, size: 0.5, attribution: 'time', ...one, exit_snapshot_id: second },
      { order_id: 'sell-1', pnl_usd: 2.5, hold_seconds: 45, attribution: 'link', ...one, exit_snapshot_id: first },
    ]);
  });

  test('the links, of which only the snapshot id changes', async () => {
    expect(await get('/trade-links/buy-1')).toMatchObject({
      snapshot_id: first,
      buy_score: 6.5,
      trigger_type: 'score',
      indicator_breakdown: { rsi: '0.12345678901234567890', snapshot_id: 2 },
      settings: { score_buy_target: 5 },
    });
    expect(await get('/trade-links/buy-3')).toMatchObject({ snapshot_id: first, signal_time: null });
  });

  test('the comparison', async () => {
    const { strategies, verdict } = (await get('/comparison')) as { strategies: unknown; verdict: unknown };
    expect(strategies).toMatchObject([
      { snapshot_id: third, total_trades: 0 },
      { snapshot_id: second, days_active: 1, total_trades: 0, unmatched_sells: 1, open_positions: 0, stale: true },
      {
        ...{
          snapshot_id: first,
          days_active: 1,
          total_trades: 3,
          winning_trades: 2,
          losing_trades: 1,
          total_pnl: 3.125,
        },
        ...{ avg_win_rate: 66.66666666666667, avg_profit_factor: 4.571428571428571, max_drawdown_usd: 0.875 },
        ...{
          avg_hold_time_seconds: 34_215,
          fast_exits_pnl: 2.5,
          open_positions: 1,
          open_cost_usd: 49.625,
          stale: false,
        },
      },
    ]);
    expect(verdict).toMatchObject({ candidate: { snapshot_id: third, snapshot_ids: [first, third] } });
  });

  test('the daily summaries, with the marked one recomputed', async () => {
    const day = (snapshot_id: string, date: string, pnl: number, stale = false) =>
      expect.objectContaining({ snapshot_id, date, total_pnl_usd: pnl, stale });
    const others = [
      day(first, '2026-11-26', 1.5),
      day(second, '2026-11-25', 0),
      day(first, '2026-11-25', -0.875),
      day(first, '2026-11-24', 2.5),
    ];
    const path = '/summaries?from=2026-11-24&to=2026-11-26';
    expect(await get(path)).toMatchObject({ summaries: [day(second, '2026-11-26', 0, true), ...others] });
    await post('/summaries', { from: '2026-11-26', to: '2026-11-26' });
    expect(await get(path)).toMatchObject({ summaries: [day(second, '2026-11-26', 9.5), ...others] });
  });

  test('the corrections and the mailed reports', async () => {
    expect(await get('/fills/corrections')).toMatchObject({
      corrections: [{ fill_id: 'sell-1', before: { price: '103.5' }, after: { price: '103' } }],
    });
    const rows = (await readFile(join(directory, 'again.jsonl'), 'utf8'))
      .split('\n')
      .map((line) => line && JSON.parse(line));
    const rowsOf = (name: string) => rows.flatMap(({ table, row }) => (table === name ? [row] : []));
    expect(rowsOf('mailed_verdicts')).toMatchObject([
      { verdict: 'not_enough_data', baseline_snapshot_id: first, candidate_snapshot_id: second, total_pnl_usd: 1.5 },
    ]);
    expect(rowsOf('report_deliveries')).toMatchObject([{ recipient: 'owner@example.com', status: 'sent' }]);
  });
});

test('an export of an earlier 0.1 with other tables is refused', async () => {
  const earlier = join(directory, 'earlier.jsonl');
  await writeFile(earlier, (await readFile(EXPORT, 'utf8')).replace(',"0017_keep_open_lots_apart.sql"', ''));
  expect(await strategyProcess(['restore', earlier], settings)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'is an export of an earlier 0.1: upgrade that database to the last 0.1, and export it again',
    ),
  });
});

test('numbers keep all their digits', async () => {
  const text = await readFile(join(directory, 'again.jsonl'), 'utf8');
  expect(text).toContain('"price": 100.00000000000000000001');
  expect(text).toContain('"cost_basis_usd": 100.25000000000000000001');
});

describe('a bot that continues with this release', () => {
  const config = { score_buy_target: 5.5, indicator_weights: { rsi: 2.5 }, excluded_symbols: ['A8-USD'] };

  test('keeps its snapshot when it repeats its configuration', async () => {
    expect(await post('/snapshots', { config })).toMatchObject({
      status: 200,
      body: { changed: false, snapshot_id: third },
    });
  });

  test('gets duplicates for stored fills and links, and new ones accepted', async () => {
    const fill = { symbol: 'BTC-USD', fee_usd: '0.25' };
    const known = {
      ...{ ...fill, fill_id: 'buy-1', order_id: 'buy-1', side: 'buy', size: '1' },
      ...{ price: '100.00000000000000000001', filled_at: '2026-11-24T10:00:00Z' },
    };
    expect(await post('/fills', known)).toMatchObject({ body: { accepted: 0, duplicates: 1 } });
    const sell = {
      ...{ ...fill, fill_id: 'sell-9', order_id: 'sell-9', side: 'sell', size: '0.5' },
      ...{ price: '105', filled_at: '2026-11-26T20:00:00Z' },
    };
    expect(await post('/fills', sell)).toMatchObject({ body: { accepted: 1 } });
    expect(await get('/trades?limit=1')).toMatchObject({
      trades: [{ order_id: 'sell-9', pnl_usd: 2.625, entry_snapshot_id: first, exit_snapshot_id: second }],
    });
    expect(await post('/trade-links', [{ order_id: 'buy-1' }, { order_id: 'buy-9' }])).toMatchObject({
      body: { created: 1, unchanged: 1 },
    });
  });
});
