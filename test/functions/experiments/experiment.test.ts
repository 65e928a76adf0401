import { expect, test } from 'vitest';
import { withVoids } from '../../../functions/experiments/block-rows.ts';
import { experimentOf } from '../../../functions/experiments/experiment.ts';
import { planOf } from '../../../functions/experiments/plan.ts';
import type { ExperimentRow } from '../../../functions/experiments/store.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';

const START = '2026-01-01';
const arm = { bot_id: 'b', config_hash: 'h', notes: null, snapshot_id: null };
const row: ExperimentRow = {
  ...{
    experiment_id: 'e',
    bot_id: 'b',
    design: 'switchback',
    candidate_bot_id: null,
    imported: false,
    status: 'running',
  },
  ...{ time_zone: 'UTC', length: '1d', settle_days: 0, skip_days: 0, most_days: 10, share: 1, seed: null },
  ...{ starts_at: `${START}T00:00:00Z`, starts_on: START, ends_at: '2026-01-11T00:00:00Z', created_at: START },
  ...{ hypothesis: null, effect_usd: 1, events: [], arms: { baseline: arm, candidate: arm } },
  plan: planOf({
    ...{ design: 'switchback', length: '1d', settle_days: 0, p95: null, trades_per_day: 0, effect: 1, blocks: [] },
  }),
};
const instant = (date: string) => Date.parse(`${date}T00:00:00Z`);
const sums = { trades: 1, winning: 1, losing: 0, pnl: 1, followed: 1, held_after: 0 };

/** A pair of one-day blocks with a trade in each. */
function pair(number: number, broken_in: 'baseline' | null = null) {
  const first = dayAfter(START, 2 * number - 2);
  const [second, after] = [dayAfter(first, 1), dayAfter(first, 2)];
  return {
    ...{ pair: number, broken_in, void_reason: null },
    blocks: [
      { arm: 'baseline' as const, from: instant(first), until: instant(second) },
      { arm: 'candidate' as const, from: instant(second), until: instant(after) },
    ],
    days: [
      { date: first, arm: 'baseline' as const, ...sums },
      { date: second, arm: 'candidate' as const, ...sums },
    ],
  };
}

test('a pair counts from the end of the day on which it settles, and neither when it broke nor while it runs', () => {
  const { pairs, verdict, checks } = experimentOf(row, {
    ...{ pairs: [pair(1), pair(2, 'baseline'), pair(3), pair(4), pair(5)], days: [], material: 0.05 },
    ...{ through: '2026-01-06', now: instant('2026-01-07') + 1 },
  });
  expect(pairs.map(({ settles_on, settled }) => [settles_on, settled])).toEqual([
    ['2026-01-02', true],
    ['2026-01-04', false],
    ['2026-01-06', true],
    ['2026-01-08', false],
    ['2026-01-10', false],
  ]);
  expect(verdict.pairs).toMatchObject({ settled: 2, with_trades: 2 });
  // In each arm both trades won, so losses are rare in both.
  const lacks = 'have 2 of 30 trades, 2 of 10 winning trades, 0 of 15 losing trades.';
  expect(verdict.summary).toContain(
    `There are 2 of 7 pairs with trades. The old settings ${lacks} The new settings ${lacks}`,
  );
  expect(checks.voids).toMatchObject({ pairs: 1 });
  // The fourth has begun, the fifth has not.
  expect(checks.orders).toMatchObject({ pairs: 4, candidate_first: 0 });
  expect(pairs.map(({ order }) => order)).toEqual(Array(5).fill('baseline_first'));
});

test('a void pair without an arm counts as broken off in its first block', () => {
  const block = (number: number, arm: 'baseline' | 'candidate') => ({
    ...{ pair: number, arm, starts_at: START, ends_at: START, broken_in: null, void_reason: null },
  });
  const blocks = [block(1, 'candidate'), block(1, 'baseline'), block(2, 'baseline'), block(2, 'candidate')];
  const voids = [{ pair: 1 }, { pair: 2, arm: 'candidate' as const, reason: 'the exchange was down' }];
  expect(withVoids(blocks, voids).map(({ broken_in, void_reason }) => [broken_in, void_reason])).toEqual([
    ['candidate', null],
    ['candidate', null],
    ['candidate', 'the exchange was down'],
    ['candidate', 'the exchange was down'],
  ]);
  expect(withVoids(blocks, [{ pair: 2 }]).map(({ broken_in }) => broken_in)).toEqual([
    null,
    null,
    'baseline',
    'baseline',
  ]);
});
