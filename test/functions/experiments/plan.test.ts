import { describe, expect, test } from 'vitest';
import { defaultLength, planOf, settleDays } from '../../../functions/experiments/plan.ts';
import { pairsToPass } from '../../../functions/experiments/verdict/gates.ts';
import { metrics } from '../../../functions/experiments/verdict/looks.ts';
import { type EndedPair, sumsThrough } from '../../../functions/experiments/verdict/pair.ts';
import { verdictOf } from '../../../functions/experiments/verdict/verdict.ts';
import { type Estimate, isEstimate, weightedMean } from '../../../functions/statistics/estimate.ts';
import { pairsToPlan } from '../../../functions/statistics/pairs-needed.ts';
import { armsOfX, pairsOf, X } from './pairs.ts';

function estimateOf(pairs: readonly EndedPair[]): Estimate {
  const estimate = weightedMean(metrics.expectancy(pairs.map((pair) => sumsThrough(pair, '2026-12-31'))));
  if (!isEstimate(estimate)) throw new Error(estimate);
  return estimate;
}

describe('the plan of a test', () => {
  /** The twelve pairs as the blocks of a baseline: odd numbers first, each with the even one after it. */
  const blocks = armsOfX.baseline.trades.flatMap((_, i) =>
    [armsOfX.baseline, armsOfX.candidate].map(({ trades, pnl, winning }, arm) => {
      const [n = 0, won = 0] = [trades[i], winning[i]];
      return {
        ...{ block: 2 * i + 1 + arm, trades: n, pnl: pnl[i] ?? 0, winning: won, losing: n - won, followed: n },
        held_after: 0,
      };
    }),
  );
  const given = {
    ...({ design: 'switchback', length: '1d', settle_days: 0, p95: 600, trades_per_day: 4, effect: 1 } as const),
    blocks,
  };
  const plan = planOf(given);

  test('has a pair for every two blocks, and takes two blocks of days for each pair that it needs', () => {
    const needed = pairsToPlan({ estimate: estimateOf(X), pairs: 12, effect: 1, alpha: 0.05 });
    if (needed === null) throw new Error('no number of pairs');
    expect(plan).toMatchObject({ baseline_pairs: 12, pairs: needed, days: 2 * needed });
    expect(planOf({ ...given, length: '2d' })).toMatchObject({ pairs: needed, days: 4 * needed });
    expect(planOf({ ...given, length: '6h' })).toMatchObject({ pairs: needed, days: Math.ceil(needed / 2) });
    expect(planOf({ ...given, design: 'parallel' })).toMatchObject({ pairs: needed, days: needed });
    // 46 and 52 trades in 24 blocks.
    expect(plan.trades_per_block).toBeCloseTo(98 / 24, 12);
  });

  test('says what would show within 60 days, which are fewer pairs the longer a block is', () => {
    const within = (length: '6h' | '1d' | '4d') => planOf({ ...given, length }).effect_in_60_days_usd ?? Infinity;
    expect(within('6h')).toBeLessThan(within('1d'));
    expect(within('1d')).toBeLessThan(within('4d'));
  });

  test('leaves out a block without the one after it, and pairs without trades', () => {
    expect(planOf({ ...given, blocks: blocks.slice(1) }).baseline_pairs).toBe(11);
    expect(planOf({ ...given, blocks: blocks.slice(0, -1) }).baseline_pairs).toBe(11);
    const silent = blocks.map((each) => (each.block < 3 ? { ...each, trades: 0 } : each));
    expect(planOf({ ...given, blocks: silent }).baseline_pairs).toBe(11);
    const half = blocks.map((each) => (each.block < 2 ? { ...each, trades: 0 } : each));
    expect(planOf({ ...given, blocks: half }).baseline_pairs).toBe(12);
  });

  test('is unknown with one pair or none', () => {
    for (const some of [blocks.slice(0, 2), []]) {
      const { pairs, days, effect_in_60_days_usd, summary } = planOf({ ...given, blocks: some });
      expect({ pairs, days, effect_in_60_days_usd }).toEqual({ pairs: null, days: null, effect_in_60_days_usd: null });
      expect(summary).toContain('too little history');
    }
    expect(planOf({ ...given, blocks: [] }).trades_per_block).toBeNull();
  });
});

test('a pair counts once slow trades have closed: after none, one or more days', () => {
  const day = 86_400;
  expect([null, 600, day / 2 - 1, day / 2, day, day + 1].map(settleDays)).toEqual([1, 0, 0, 1, 1, 2]);
});

test('the default block holds nearly all trades, and at least three', () => {
  expect(defaultLength({ p95: null, trades_per_day: 9 })).toBe('1d');
  expect(defaultLength({ p95: 60, trades_per_day: 0 })).toBe('1d');
  expect(defaultLength({ p95: 4 * 3600, trades_per_day: 18 })).toBe('4h');
  expect(defaultLength({ p95: 4 * 3600 + 1, trades_per_day: 18 })).toBe('6h');
  expect(defaultLength({ p95: 60, trades_per_day: 17 })).toBe('6h');
  expect(defaultLength({ p95: 60, trades_per_day: 3 })).toBe('1d');
  expect(defaultLength({ p95: 60, trades_per_day: 0.1 })).toBe('7d');
});

describe('the pairs until a test passes the gates', () => {
  const arm = (trades: number, more: object = {}) => ({
    ...{ trades, winning: trades / 2, losing: trades / 2, pnl: 1, followed: trades, held_after: 0, ...more },
  });
  const pairs = (n: number, trades: number, more: object = {}) =>
    Array.from({ length: n }, () => ({ baseline: arm(trades), candidate: arm(trades, more) }));

  test('are those of the gate that takes longest at its pace', () => {
    // 3 of 7 pairs; 12 of 30 trades, which are 4.5 more pairs; 6 of 10 winners and losers.
    expect(pairsToPass(pairs(3, 4))).toBe(5);
    expect(pairsToPass(pairs(3, 20))).toBe(4);
    expect(pairsToPass([...pairs(3, 20), ...pairs(2, 0)])).toBe(4);
    expect(pairsToPass(pairs(10, 20))).toBe(0);
  });

  test('are unknown while it has nothing of what it lacks, or when more pairs do not help', () => {
    expect(pairsToPass(pairs(10, 20, { winning: 0, losing: 20 }))).toBeNull();
    expect(pairsToPass(pairs(10, 20, { followed: 5 }))).toBeNull();
  });
});

test('further pairs take days at the pace so far, in which some pairs have no trades', () => {
  const silent = { trades: Array(5).fill(0), pnl: Array(5).fill(0) };
  const pairs = [...X, ...pairsOf({ baseline: silent, candidate: silent })].map((each, i) => ({
    ...each,
    pair: i + 1,
  }));
  const arm = { bot_id: 'b', config_hash: 'h', notes: null, snapshot_id: null };
  const neededOf = (design: 'switchback' | 'parallel', length: '6h' | '1d') =>
    verdictOf({
      ...{ design, length, imported: false, status: 'running', share: 10, material: 0.05, through: '2026-02-01' },
      ...{ pairs, broken_in: [], orders: { candidate_first: 6, pairs: 12 }, arms: { baseline: arm, candidate: arm } },
    }).verdict.needed;
  const { pairs: more = 0, days } = neededOf('switchback', '1d') ?? {};
  expect((more * 17) % 12).not.toBe(0);
  expect(days).toBe(2 * Math.ceil((more * 17) / 12));
  expect(neededOf('parallel', '1d')?.days).toBe(Math.ceil(((neededOf('parallel', '1d')?.pairs ?? 0) * 17) / 12));
  expect(neededOf('switchback', '6h')?.days).toBe(Math.ceil(Math.ceil((more * 17) / 12) / 2));
});
