import { describe, expect, test } from 'vitest';
import { targetsOf } from '../../../../functions/comparison/targets.ts';
import { drawdownOf } from '../../../../functions/comparison/verdict/arm.ts';
import { daysToMature, p95HoldSeconds } from '../../../../functions/statistics/hold-times.ts';
import { row } from './arms.ts';

describe('hold times', () => {
  test('have a 95th percentile at the upper edge of its bucket', () => {
    expect(p95HoldSeconds([{ 3: 94 }, { 5: 1, 9: 5 }])).toBe(64);
    expect(p95HoldSeconds([])).toBeNull();
  });

  test('under half a day leave out no days', () => {
    expect(daysToMature([{ 14: 100 }])).toBe(0);
    expect(daysToMature([{ 15: 100 }])).toBe(1);
  });
});

test('drawdowns continue over days: [10, −6] and then [−5] fall by 11', () => {
  const first = row('2026-01-01', 2, 4, { max_drawdown_usd: 6, highest_pnl_usd: 10, lowest_pnl_usd: 0 });
  const second = row('2026-01-02', 1, -5, { max_drawdown_usd: 5, highest_pnl_usd: 0, lowest_pnl_usd: -5 });
  expect(drawdownOf([first, second])).toBe(11);
});

test('a drawdown of cents is one of cents', () => {
  expect(drawdownOf([row('2026-01-01', 2, 1, { max_drawdown_usd: 0.4, highest_pnl_usd: 1, lowest_pnl_usd: 0 })])).toBe(
    0.4,
  );
});

const limits = { win_rate: 25, profit_factor: 1.5, expectancy_usd: 0.1, fast_exit_rate: 5 };

test('a target is met above it, or below it for fast exits, and not at it', () => {
  const met = (by: number) => {
    const [avg_win_rate, avg_profit_factor, avg_expectancy] = [25 + by, 1.5 + by, 0.1 + by];
    return targetsOf({ avg_win_rate, avg_profit_factor, avg_expectancy, fast_exit_rate: 5 - by }, limits).map(
      (target) => target.met,
    );
  };
  expect([met(0.001), met(0), met(-0.001)]).toEqual([Array(4).fill(true), Array(4).fill(false), Array(4).fill(false)]);
});

test('the target of the profit factor is met without a loss by any profit, and not without one', () => {
  const met = (avg_expectancy: number | null) =>
    targetsOf({ avg_win_rate: 50, avg_profit_factor: null, avg_expectancy, fast_exit_rate: 0 }, limits)[1]?.met;
  expect([met(0.001), met(0), met(null)]).toEqual([true, null, null]);
});
