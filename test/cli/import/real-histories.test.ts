import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fraction, minus, sum, toNumber } from '../../support/fraction.ts';
import { everyPage } from '../../support/matching.ts';
import { coinbaseFills, hasRealData, holdsEachPairOnce, reproducesProfit, spotRuns } from '../../support/real-data.ts';
import { slowFifo } from '../../support/slow-fifo.ts';
import { startImporting } from './importing.ts';

const { service, imported } = await startImporting();
const data = (name: string) => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));

const pnlOf = async (bot_id: string): Promise<number> => {
  const trades = await everyPage(service, 'GET /trades', { bot_id }, 'trades');
  return trades.reduce((total, { pnl_usd }) => total + pnl_usd, 0);
};

describe.skipIf(!hasRealData)('144 real Coinbase orders (skipped where ../shared/data is absent)', () => {
  const import144 = (...args: string[]) => imported('--bot', 'coinbase', ...args, data('coinbase-orders.json'));

  test('are all imported, with the P&L of the reference FIFO', async () => {
    await service.call('POST /snapshots', {
      body: { bot_id: 'coinbase', config: {}, active_from: '2025-06-01T00:00:00Z' },
    });
    const { code, report } = await import144('--yes');
    expect(code).toBe(0);
    expect(report.sent.fills).toEqual({ new: 144, updated: 0, known: 0, differing: 0 });
    const { allocations } = slowFifo(coinbaseFills());
    expect(await pnlOf('coinbase')).toBeCloseTo(
      toNumber(sum(allocations.map((each) => minus(each.net_proceeds_usd, each.cost_basis_usd)))),
      9,
    );
  });

  test('change nothing when imported again, and the output says so', async () => {
    const { code, report } = await import144('--yes');
    expect(code).toBe(0);
    expect(report.sent).toEqual({
      snapshots: { new: 0, known: 0 },
      fills: { new: 0, updated: 0, known: 144, differing: 0 },
      links: { new: 0, updated: 0, known: 0, differing: 0 },
      voided: 0,
      refused: 0,
    });
  });

  test('have 8 sells without a buy, which holdings as manual buys cover: then no sell is unmatched', async () => {
    const { report } = await import144();
    const { open } = slowFifo(coinbaseFills());
    const unmatched = coinbaseFills().filter(
      ({ fill_id, side }) => side === 'sell' && (open.get(fill_id)?.n ?? 0n) > 0n,
    );
    expect(
      report.lacking.reduce((total: number, each: { sells_without_buy: number }) => total + each.sells_without_buy, 0),
    ).toBe(unmatched.length);
    expect(unmatched).toHaveLength(8);

    const assumed = await imported('--bot', 'held', '--assume-holdings', '--yes', data('coinbase-orders.json'));
    expect(assumed.report.lacking).toEqual([]);
    expect(assumed.report.sent.fills.new).toBe(144 + 7);
    const [{ left }] = (await service.sql<{ left: string }>(
      "SELECT sum(unmatched_size)::text AS left FROM orders WHERE bot_id = 'held'",
    )) as [{ left: string }];
    expect(Number(left)).toBe(0);
  });
});

describe.skipIf(!hasRealData)('real freqtrade backtests (skipped where ../shared/data is absent)', () => {
  const [run, trades] = (hasRealData ? [...spotRuns()] : []).find(
    ([, each]) => each.length <= 300 && each.length > 50 && holdsEachPairOnce(each) && reproducesProfit(each),
  ) ?? ['', []];

  test('a spot run under its own configuration has the P&L of its profit_abs', async () => {
    const { code, report } = await imported(
      ...['--run', run, '--yes'],
      ...[data('freqtrade-trades.csv.gz'), data('freqtrade-runs.jsonl.gz')],
    );
    expect(code).toBe(0);
    expect(report.bots).toMatchObject([{ bot_id: run, fills: 2 * trades.length, snapshots: 1 }]);
    const profit = toNumber(sum(trades.map(({ profit_abs }) => fraction(profit_abs))));
    expect(Math.abs((await pnlOf(run)) - profit)).toBeLessThan(trades.length * 5.1e-9);

    const [snapshot] = (await service.call('GET /snapshots', { query: { bot_id: run } })).body.snapshots;
    const all = await everyPage(service, 'GET /trades', { bot_id: run }, 'trades');
    expect(new Set(all.map(({ entry_snapshot_id }) => entry_snapshot_id))).toEqual(new Set([snapshot.snapshot_id]));
    expect(all.every(({ exit_reason }) => exit_reason !== null)).toBe(true);
  });

  test('all 24,968 trades, spot and futures, long and short: each run becomes a separate bot', async () => {
    const { report } = await imported(data('freqtrade-trades.csv.gz'));
    expect(report.skipped).toEqual([]);
    const fills = report.bots.reduce((total: number, bot: { fills: number }) => total + bot.fills, 0);
    expect(fills).toBe(2 * 24_968);
    expect(report.bots.length).toBeGreaterThan(20);
  });
});
