import { describe, expect, test } from 'vitest';
import { fraction, sum, toNumber } from '../../support/fraction.ts';
import {
  everyPage,
  expectAllocationsOf,
  expectTradesOf,
  inBatches,
  randomFrom,
  shuffled,
} from '../../support/matching.ts';
import {
  allRuns,
  coinbaseFills,
  type FreqtradeTrade,
  fillsOf,
  hasRealData,
  holdsEachPairOnce,
  positionOf,
  reproducesProfit,
  spotRuns,
} from '../../support/real-data.ts';
import { BREAKEVEN_USD, FAST_EXIT_SECONDS } from '../../support/reference.ts';
import { startService } from '../../support/service.ts';
import { slowDay, slowFifo, slowTrades } from '../../support/slow-fifo.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;

async function post(
  bot_id: string,
  fills: readonly object[],
  batchSize: number,
): Promise<{ accepted: number; duplicates: number }> {
  const counts = { accepted: 0, duplicates: 0 };
  for (const batch of inBatches(fills, batchSize)) {
    const { status, body } = await service.call('POST /fills', { body: batch.map((fill) => ({ bot_id, ...fill })) });
    expect({ status, rejected: body.rejected }).toEqual({ status: 200, rejected: [] });
    counts.accepted += body.accepted;
    counts.duplicates += body.duplicates;
  }
  return counts;
}

async function snapshotFrom(bot_id: string, active_from: string, active_until?: string): Promise<string> {
  const { status, body } = await service.call('POST /snapshots', {
    body: { bot_id, config: { bot_id }, active_from, active_until },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.snapshot_id;
}

describe.skipIf(!hasRealData)('144 real Coinbase orders (skipped where ../shared/data is absent)', () => {
  const fills = hasRealData ? coinbaseFills() : [];
  const { allocations } = slowFifo(fills);

  test('posted shuffled, in batches of 17 and some twice, give the allocations of the reference FIFO, and no trade has a snapshot', async () => {
    const bot_id = bot();
    const random = randomFrom(144);
    const twice = fills.filter(() => random(4) === 0);
    expect(fills).toHaveLength(144);
    expect(allocations.length).toBeGreaterThan(20);

    expect(await post(bot_id, shuffled([...fills, ...twice], random), 17)).toEqual({
      accepted: 144,
      duplicates: twice.length,
    });
    await expectAllocationsOf(service, bot_id, fills);
    await expectTradesOf(
      service,
      bot_id,
      slowTrades(fills, allocations, () => null),
      () => String(-1),
    );
  });

  test('give the same trades and daily figures as the reference, under one snapshot', async () => {
    const bot_id = bot();
    await post(bot_id, shuffled(fills, randomFrom(7)), 50);
    const snapshot_id = await snapshotFrom(bot_id, '2025-06-29T00:00:00Z', '2025-08-31T00:00:00Z');

    const trades = slowTrades(fills, allocations, () => 'the one');
    await expectTradesOf(service, bot_id, trades, () => snapshot_id);

    await service.call('POST /summaries', { body: { bot_id, from: '2025-06-29', to: '2025-08-31' } });
    const days = await everyPage(service, 'GET /summaries', { bot_id }, 'summaries');
    const byDay = Map.groupBy(trades, ({ closed_at }) => closed_at.slice(0, 10));
    expect([...byDay.keys()].length).toBeGreaterThan(0);
    expect(days).toHaveLength(63);
    for (const day of days) {
      const { total_pnl_usd, gross_profit_usd, gross_loss_usd, max_drawdown_usd, ...counts } = slowDay(
        byDay.get(day.date) ?? [],
      );
      expect(day).toMatchObject({ ...counts, stale: false });
      expect(day.total_pnl_usd).toBeCloseTo(toNumber(total_pnl_usd), 11);
      expect(day.gross_profit_usd).toBeCloseTo(toNumber(gross_profit_usd), 11);
      expect(day.gross_loss_usd).toBeCloseTo(toNumber(gross_loss_usd), 11);
      expect(day.max_drawdown_usd).toBeCloseTo(toNumber(max_drawdown_usd), 11);
    }
    // Each unmatched sell is counted on the day of its order only.
    const { open } = slowFifo(fills);
    const unmatched = fills.filter(({ fill_id, side }) => side === 'sell' && (open.get(fill_id)?.n ?? 0n) > 0n);
    expect(days.reduce((sum, day) => sum + day.unmatched_sells, 0)).toBe(unmatched.length);
  });
});

/** Small runs only: large ones take long and check the same. */
const MOST_TRADES = 300;

const runs = hasRealData ? [...spotRuns()].filter(([, trades]) => trades.length <= MOST_TRADES) : [];
const agreeing = runs.filter(([, trades]) => holdsEachPairOnce(trades) && reproducesProfit(trades));
const others = runs.filter(([, trades]) => !holdsEachPairOnce(trades) || !reproducesProfit(trades));

describe.skipIf(!hasRealData)(
  'real freqtrade backtests of up to 300 spot trades (skipped where ../shared/data is absent)',
  () => {
    test('7 runs hold each pair once and state a reproducible profit, and 19 do not', () => {
      expect([agreeing.length, others.length]).toEqual([7, 19]);
    });

    test.each(agreeing)('run %s has the P&L of its profit_abs', async (_, trades) => {
      const bot_id = bot();
      const closings = trades.map(({ close_time_utc }) => close_time_utc).sort();
      const openings = trades.map(({ open_time_utc }) => open_time_utc).sort();
      const [first = '', last = ''] = [openings[0], closings.at(-1)];
      await snapshotFrom(bot_id, first, new Date(Date.parse(last) + 1000).toISOString());
      await post(bot_id, shuffled(trades.flatMap(fillsOf), randomFrom(trades.length)), 1000);
      await summarise(bot_id, first.slice(0, 10), last.slice(0, 10));

      const { strategies } = (await service.call('GET /comparison', { query: { bot_id } })).body;
      expect(strategies).toHaveLength(1);
      expect(strategies[0]).toMatchObject({
        ...countsOf(trades),
        unmatched_sells: 0,
        open_positions: 0,
        open_cost_usd: 0,
      });

      const profit = sumOf(trades.filter(({ profit_abs }) => Number(profit_abs) > 0));
      const loss = -sumOf(trades.filter(({ profit_abs }) => Number(profit_abs) < 0));
      // profit_abs is rounded to 8 decimals: an error of at most half a unit of the last one per trade.
      const tolerance = trades.length * 5.1e-9;
      expect(Math.abs(strategies[0].total_pnl - sumOf(trades))).toBeLessThan(tolerance);
      expect(Math.abs(strategies[0].gross_profit_usd - profit)).toBeLessThan(tolerance);
      expect(Math.abs(strategies[0].gross_loss_usd - loss)).toBeLessThan(tolerance);
      expect(strategies[0].avg_profit_factor).toBeCloseTo(profit / loss, 7);
      expect(strategies[0].avg_expectancy).toBeCloseTo(sumOf(trades) / trades.length, 7);
    });

    test.each(others)(
      'run %s, with overlapping trades or several orders per trade, has the allocations of the reference FIFO',
      async (_, trades) => {
        const bot_id = bot();
        const fills = trades.flatMap(fillsOf);
        await post(bot_id, shuffled(fills, randomFrom(trades.length)), 500);
        await expectAllocationsOf(service, bot_id, fills);
      },
    );
  },
);

const positions = hasRealData
  ? [...allRuns()].filter(([, trades]) => trades.length <= MOST_TRADES && reproducesProfit(trades))
  : [];

describe.skipIf(!hasRealData)(
  'real freqtrade backtests of up to 300 positions, spot and futures, long and short (skipped where ../shared/data is absent)',
  () => {
    test('some runs have shorts, funding, and positions that overlap in one pair', () => {
      const having = (has: (trades: FreqtradeTrade[]) => boolean) =>
        positions.filter(([, trades]) => has(trades)).length;
      expect(positions).toHaveLength(34);
      expect(having((trades) => trades.some(({ is_short }) => is_short === '1'))).toBe(11);
      expect(having((trades) => trades.some(({ funding_fees }) => Number(funding_fees) !== 0))).toBe(13);
      expect(having((trades) => !holdsEachPairOnce(trades))).toBe(13);
    });

    test.each(positions)(
      'run %s has freqtrade’s own trade counts, win rate, profit factor and P&L',
      async (_, trades) => {
        const bot_id = bot();
        const [first = ''] = trades.map(({ open_time_utc }) => open_time_utc).sort();
        const last =
          trades
            .map(({ close_time_utc }) => close_time_utc)
            .sort()
            .at(-1) ?? '';
        await snapshotFrom(bot_id, first, new Date(Date.parse(last) + 1000).toISOString());
        const fills = trades.flatMap(positionOf);
        await post(bot_id, shuffled(fills, randomFrom(trades.length)), 1000);
        await expectAllocationsOf(service, bot_id, fills);
        await summarise(bot_id, first.slice(0, 10), last.slice(0, 10));

        const [strategy] = (await service.call('GET /comparison', { query: { bot_id } })).body.strategies;
        const counts = countsOf(trades);
        expect(strategy).toMatchObject({ ...counts, unmatched_sells: 0, open_positions: 0, open_cost_usd: 0 });
        expect(strategy.avg_win_rate).toBeCloseTo((counts.winning_trades / counts.total_trades) * 100, 9);
        const profit = sumOf(trades.filter(({ profit_abs }) => Number(profit_abs) > 0));
        const loss = -sumOf(trades.filter(({ profit_abs }) => Number(profit_abs) < 0));
        if (loss > 0) expect(strategy.avg_profit_factor).toBeCloseTo(profit / loss, 6);
        expect(Math.abs(strategy.total_pnl - sumOf(trades))).toBeLessThan(trades.length * 1e-6);
      },
    );
  },
);

async function summarise(bot_id: string, first: string, last: string): Promise<void> {
  for (let from: string = first; from <= last; ) {
    const yearLater = new Date(Date.parse(from) + 365 * 86_400_000).toISOString().slice(0, 10);
    const { status, body } = await service.call('POST /summaries', {
      body: { bot_id, from, to: yearLater < last ? yearLater : last },
    });
    expect({ status, next_from: body.next_from }).toEqual({ status: 200 });
    from = new Date(Date.parse(body.to) + 86_400_000).toISOString().slice(0, 10);
  }
}

function countsOf(trades: readonly FreqtradeTrade[]) {
  const winning = trades.filter(({ profit_abs }) => Number(profit_abs) > BREAKEVEN_USD).length;
  const losing = trades.filter(({ profit_abs }) => Number(profit_abs) < -BREAKEVEN_USD).length;
  return {
    total_trades: trades.length,
    winning_trades: winning,
    losing_trades: losing,
    breakeven_trades: trades.length - winning - losing,
    fast_exits_count: trades.filter(
      (t) => Date.parse(t.close_time_utc) - Date.parse(t.open_time_utc) < 1000 * FAST_EXIT_SECONDS,
    ).length,
  };
}

const sumOf = (trades: readonly FreqtradeTrade[]): number =>
  toNumber(sum(trades.map(({ profit_abs }) => fraction(profit_abs))));
