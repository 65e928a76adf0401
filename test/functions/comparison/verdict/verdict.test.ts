import { describe, expect, test } from 'vitest';
import type { ArmRow } from '../../../../functions/comparison/verdict/arm.ts';
import { differenceOf } from '../../../../functions/comparison/verdict/one-trade.ts';
import { comparedDays, verdictOf } from '../../../../functions/comparison/verdict/verdict.ts';
import { arm, baseline, candidate, input, month, row, rows } from './arms.ts';

describe('a verdict', () => {
  test('keeps a change that earns more, with the date of the look that decided', () => {
    const verdict = verdictOf(input({ baseline, candidate: candidate(month(5)) }));
    expect(verdict).toMatchObject({ kind: 'keep', decided_on: '2026-02-07', needed: null, labels: ['observational'] });
    expect(verdict.next_step).toEqual({ kind: 'decide', days: 0, test_days: null });
    expect(verdict.summary).toMatch(/^Keep the new settings: .*suggests/);
    expect(verdict.summary).not.toMatch(/prove/);
  });

  test('has an interval around the difference, whatever the old settings earn', () => {
    const earning = arm(rows('2026-01-01', month(20)));
    const { difference, lower, upper } = verdictOf(
      input({ baseline: earning, candidate: candidate(month(25)) }),
    ).expectancy;
    expect(difference).toBeCloseTo(0.5, 12);
    expect(((lower ?? 0) + (upper ?? 0)) / 2).toBeCloseTo(0.5, 12);
  });

  test('knows no difference, and no test to plan, without trades of the old settings', () => {
    const { expectancy, next_step, labels } = verdictOf(input({ baseline: arm([]), candidate: candidate(month(5)) }));
    expect(expectancy.difference).toBeNull();
    expect(next_step.test_days).toBeNull();
    expect(labels).not.toContain('one_trade');
    expect(differenceOf({ baseline: [], candidate: rows('2026-02-01', [1]) })).toBeNull();
  });

  test('reverts a change that earns less', () => {
    expect(verdictOf(input({ baseline, candidate: candidate(month(-5)) }))).toMatchObject({
      kind: 'revert',
      decided_on: '2026-02-07',
      next_step: { kind: 'roll_back', days: 0, test_days: null },
    });
  });

  test('stays once it is made until the opposite is decided, with a new date and the label `reversed`', () => {
    const verdict = verdictOf(input({ baseline, candidate: candidate([...month(5, 8), ...month(-5, 80)]) }));
    expect(verdict.kind).toBe('revert');
    expect(verdict.decided_on! > '2026-02-08').toBe(true);
    expect(verdict.labels).toContain('reversed');
  });

  test('says how much longer to run when it is undecided', () => {
    const verdict = verdictOf(input({ baseline, candidate: candidate(month(0.6, 9)), through: '2026-02-09' }));
    expect(verdict.kind).toBe('keep_running');
    expect(verdict.needed?.days).toBeGreaterThan(0);
    const { days, trades } = verdict.needed ?? {};
    expect(verdict.summary).toContain(
      `Keep the new settings running: not enough evidence yet. A verdict needs about ${days} more days at the recent pace (about ${trades} more trades). `,
    );
  });

  test('finds no difference that matters between two equal arms', () => {
    const long = (from: string) => rows(from, month(0, 60), 200);
    const verdict = verdictOf(
      input({ baseline: arm(long('2026-01-01')), candidate: arm(long('2026-04-01'), { config_hash: 'b' }) }),
    );
    expect(verdict.kind).toBe('no_material_difference');
  });

  test('finds no difference that matters only if none is likely in either direction', () => {
    const worse = candidate(month(-0.6, 9));
    const kindAt = (material: number) => verdictOf(input({ baseline, candidate: worse, material }));
    const { lower, upper } = kindAt(0).expectancy;
    const [loss, gain] = [-(lower ?? 0), upper ?? 0];
    expect(loss).toBeGreaterThan(gain);
    expect(gain).toBeGreaterThan(0);
    expect(kindAt((loss + gain) / 2).kind).toBe('keep_running');
    expect(kindAt(loss).kind).toBe('no_material_difference');
  });

  test('is immaterial when it is decided and too small to matter', () => {
    const long = (from: string, mean: number) => rows(from, month(mean, 60), 200);
    const verdict = verdictOf(
      input({ baseline: arm(long('2026-01-01', 0)), candidate: arm(long('2026-04-01', 3), { config_hash: 'b' }) }),
    );
    expect(verdict).toMatchObject({ kind: 'keep' });
    expect(verdict.labels).toContain('immaterial');
  });

  test('needs seven days, thirty trades, ten winners and ten losers in each arm, and says what is missing', () => {
    const young = arm(rows('2026-02-01', [1, 2, 3], 4), { config_hash: 'b' });
    const verdict = verdictOf(input({ baseline, candidate: young, through: '2026-02-03' }));
    expect(verdict.kind).toBe('not_enough_data');
    expect(verdict.missing).toEqual([
      { arm: 'candidate', what: 'days', has: 3, needs: 7 },
      { arm: 'candidate', what: 'trades', has: 12, needs: 30 },
      { arm: 'candidate', what: 'winning_trades', has: 6, needs: 10 },
      { arm: 'candidate', what: 'losing_trades', has: 6, needs: 10 },
    ]);
    expect(verdict.expectancy).toMatchObject({ lower: null, upper: null, p: null, reason: 'gates' });
    expect(verdict.summary).toContain('The new settings have 3 of 7 days with trades');
  });

  test('shows the difference so far, and says that a loss can be reverted without a verdict', () => {
    const young = arm(rows('2026-02-01', [-30, -20, -40], 4), { config_hash: 'b' });
    const { summary } = verdictOf(input({ baseline, candidate: young, through: '2026-02-03' }));
    expect(summary).toContain(
      'So far the new settings earn $7.50 less per trade. You may go back to the old ones without a verdict.',
    );
  });

  test('needs sixty winners or losers when they are rarer than one in ten in one arm only, fifteen when in both', () => {
    const rare = rows('2026-02-01', month(1, 10), 20).map((each) => ({
      ...each,
      winning_trades: 1,
      losing_trades: 19,
    }));
    const other = arm(rare, { config_hash: 'b' });
    expect(verdictOf(input({ baseline, candidate: other })).missing).toEqual([
      { arm: 'candidate', what: 'winning_trades', has: 10, needs: 60 },
    ]);
    expect(verdictOf(input({ baseline: arm(rare), candidate: other })).missing).toEqual([
      { arm: 'baseline', what: 'winning_trades', has: 10, needs: 15 },
      { arm: 'candidate', what: 'winning_trades', has: 10, needs: 15 },
    ]);
  });

  test('does not call a kind of trades rare that is one in ten', () => {
    const tenth = rows('2026-02-01', month(1, 10), 20).map((each) => ({
      ...each,
      winning_trades: 2,
      losing_trades: 18,
    }));
    expect(verdictOf(input({ baseline, candidate: arm(tenth, { config_hash: 'b' }) })).missing).toEqual([]);
  });

  test('says when a single trade decides which settings look better', () => {
    const old = arm(rows('2026-01-01', [1, 1, 1, 1], 5));
    const better = (largest: number) =>
      arm(
        rows('2026-02-01', [0, 0, 0, 30], 5).map((each, i) => (i === 3 ? { ...each, largest_win_usd: largest } : each)),
        { config_hash: 'b' },
      );
    const { labels, label_notes } = verdictOf(input({ baseline: old, candidate: better(29) }));
    expect(labels).toContain('one_trade');
    // (30 − 29) / 19 trades against 4 / 20.
    expect(label_notes.one_trade).toBe(
      'Without the best trade of the new settings ($29.00), the new settings would earn $0.15 less per trade than the old ones: one trade is not a strategy.',
    );
    expect(verdictOf(input({ baseline: old, candidate: better(20) })).labels).not.toContain('one_trade');
    // Without a difference, no trade decides it.
    const same = arm([row('2026-02-01', 20, 4, { largest_win_usd: 4 })], { config_hash: 'b' });
    expect(verdictOf(input({ baseline: old, candidate: same })).labels).not.toContain('one_trade');
  });

  test('says so for the worst trade, too, and neither for a trade without a gain or a loss', () => {
    const old = arm(rows('2026-01-01', [1, 1, 1, 1], 5));
    const worse = arm(
      rows('2026-02-01', [6, 6, 6, -20], 5).map((each, i) => (i === 3 ? { ...each, largest_loss_usd: -20 } : each)),
      { config_hash: 'b' },
    );
    const { label_notes, without } = verdictOf(input({ baseline: old, candidate: worse }));
    // (−2 + 20) / 19 trades against 4 / 20.
    expect(label_notes.one_trade).toBe(
      'Without the worst trade of the new settings (-$20.00), the new settings would earn $0.75 more per trade than the old ones: one trade is not a strategy.',
    );
    expect(without.map(({ arm, trade, trade_pnl_usd }) => [arm, trade, trade_pnl_usd])).toEqual([
      ['candidate', 'worst', -20],
    ]);
  });

  test('knows a best trade of exactly one dollar', () => {
    const one = arm(rows('2026-01-01', [3]).map((each) => ({ ...each, largest_win_usd: 1 })));
    const { without } = verdictOf(input({ baseline: one, candidate: candidate([2]) }));
    expect(without).toMatchObject([{ arm: 'baseline', trade: 'best', trade_pnl_usd: 1 }]);
  });

  test('leaves the trades of the first days, and of days that are not over, out of everything', () => {
    const slow = arm(baseline.rows.map((each) => ({ ...each, hold_time_buckets: { 17: each.total_trades } })));
    const odd = rows('2026-02-01', month(5)).map((each) => {
      const largest = { '2026-02-04': 90, '2026-02-05': 5, '2026-02-20': 6, '2026-02-21': 80 }[each.date];
      return { ...each, largest_win_usd: largest ?? null };
    });
    const { without } = verdictOf(
      input({ baseline: slow, candidate: arm(odd, { config_hash: 'b' }), through: '2026-02-20' }),
    );
    expect(without).toMatchObject([{ arm: 'candidate', trade: 'best', trade_pnl_usd: 6 }]);
  });

  test('says how much a day’s result follows that of the day before', () => {
    // The lag-1 autocorrelation of 1, 2, 3, 4, 5 is 0.4, and that of 1, −1, 1, −1 is −0.75.
    const rising = arm(rows('2026-01-01', [1, 2, 3, 4, 5]));
    const swinging = arm(rows('2026-02-01', [1, -1, 1, -1]), { config_hash: 'b' });
    expect(verdictOf(input({ baseline: rising, candidate: swinging })).label_notes.observational).toContain(
      'Autocorrelation of daily results: baseline 0.40, candidate -0.75.',
    );
  });

  test('needs no further trades of the new settings while the old ones have too few', () => {
    const short = arm(rows('2026-01-01', month(0, 5)));
    expect(verdictOf(input({ baseline: short, candidate: candidate(month(5)) }))).toMatchObject({
      ...{ kind: 'not_enough_data', needed: null },
      next_step: { kind: 'run_baseline', days: 2 },
    });
  });

  test('needs more further days of the old settings when the days of the new ones differ more', () => {
    const noisy = arm(rows('2026-01-01', [12, -4, 6, 10, 3, -8, 5]));
    const nextStep = (noise: number) => {
      const calm = candidate(Array.from({ length: 20 }, (_, i) => 1 + (i % 2 === 0 ? noise : -noise)));
      return verdictOf(input({ baseline: noisy, candidate: calm, material: 0.3 })).next_step;
    };
    const [calm, calmer] = [nextStep(1), nextStep(0.1)];
    expect([calm.kind, calmer.kind]).toEqual(['run_baseline', 'run_baseline']);
    expect(calm.days).toBeGreaterThan(calmer.days ?? 0);
  });

  test('plans a test for the smallest difference that matters while the new settings have no estimate', () => {
    const planOf = (pnl: readonly number[]) => verdictOf(input({ baseline, candidate: candidate(pnl), material: 0.5 }));
    const { test_days } = planOf([5]).next_step;
    expect(test_days).toBeGreaterThan(0);
    // It is the same with an estimate, as long as that is no larger difference.
    expect(planOf([1, 1.5]).next_step.test_days).toBe(test_days);
  });

  test('plans no test that would take more than a century', () => {
    const undecided = input({ baseline, candidate: candidate(month(0)), material: 0.000_001 });
    expect(verdictOf(undecided).next_step.test_days).toBeNull();
  });

  test('never decides a pair that was chosen by hand', () => {
    const verdict = verdictOf(input({ baseline, candidate: candidate(month(5)), exploratory: true }));
    expect(verdict.kind).toBe('keep_running');
    expect(verdict).toMatchObject({ decided_on: null });
    expect(verdict.labels).toContain('exploratory');
  });

  test('names the settings that changed together', () => {
    const { labels, label_notes } = verdictOf(
      input({ baseline, candidate: candidate(month(5)), changed: ['/rsi', '/roc'] }),
    );
    expect(labels).toContain('confounded');
    expect(label_notes.confounded).toContain('/rsi, /roc');
  });

  test('has a label when over a tenth of an arm’s purchases is still open', () => {
    const holding = { ...candidate(month(5)), open_cost_usd: 5000 };
    const { label_notes } = verdictOf(input({ baseline, candidate: holding }));
    expect(label_notes.open_positions).toContain('$5,000.00 of the $19,000');
    const almost = { ...candidate(month(5)), open_cost_usd: 1500 };
    expect(verdictOf(input({ baseline, candidate: almost })).labels).not.toContain('open_positions');
  });

  test('leaves out the first days of a candidate, whose slow trades are not closed yet', () => {
    const slow = arm(baseline.rows.map((each) => ({ ...each, hold_time_buckets: { 17: each.total_trades } })));
    const verdict = verdictOf(input({ baseline: slow, candidate: candidate(month(5)) }));
    // 2^18 seconds are 3.03 days.
    expect(verdict.days).toEqual({ baseline: 28, candidate: 24 });
    expect(verdict.label_notes.maturing).toContain('up to 4 days');
    expect(verdict.label_notes.maturing).toContain('count from 5 February 2026.');
  });

  test('measures how slow trades are before the candidate started, and not on the day of the change', () => {
    const changed = row('2026-02-01', 10_000, 0, { hold_time_buckets: { 17: 10_000 } });
    const until = (rows: readonly ArmRow[]) => comparedDays(input({ baseline: arm(rows), candidate: candidate([1]) }));
    expect(until([...baseline.rows, changed])).toMatchObject({ immature: 0, matureFrom: '2026-02-01' });
    // Without an earlier day, that of the change is all there is.
    expect(until([changed])).toMatchObject({ immature: 4, matureFrom: '2026-02-05' });
  });

  test('says which shift of the market would explain a decision', () => {
    const { label_notes, expectancy } = verdictOf(input({ baseline, candidate: candidate(month(5)) }));
    expect(label_notes.observational).toContain(
      `A market shift of $${expectancy.lower?.toFixed(2)} per trade would be enough to explain it.`,
    );
  });
});
