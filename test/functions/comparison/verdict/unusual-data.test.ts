import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../../../functions/comparison/verdict/verdict.ts';
import { arm, baseline, candidate, input, month, rows } from './arms.ts';

const everyNumber = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(everyNumber)
      : [];

describe('unusual data give a reason, and never NaN, Infinity or an exception:', () => {
  const odd = {
    'no variance': { pnl: Array(10).fill(1), reason: 'no_variance' },
    'one day': { pnl: [5], reason: 'fewer_than_two_days' },
    'no trades at all': { pnl: [], reason: 'fewer_than_two_days' },
    'a huge outlier': { pnl: [...month(0, 12), 1e12], reason: null },
    'tiny sums': { pnl: month(0, 12).map((usd) => usd * 1e-8), reason: null },
  };
  test.each(Object.entries(odd))('%s', (_, { pnl, reason }) => {
    const verdict = verdictOf(input({ baseline, candidate: candidate(pnl) }));
    expect(everyNumber(verdict).every(Number.isFinite)).toBe(true);
    expect(verdict.expectancy.reason).toBe(reason);
    if (reason) expect(verdict.kind).toBe('not_enough_data');
    if (reason === 'no_variance')
      expect(verdict.missing).toEqual([{ arm: 'candidate', what: 'variance', has: 0, needs: 1 }]);
  });

  test('no losses: a profit factor that is null, with its reason', () => {
    const winners = rows('2026-02-01', month(5), 20).map((each) => ({ ...each, gross_loss_usd: 0 }));
    const { profit_factor } = verdictOf(input({ baseline, candidate: arm(winners, { config_hash: 'b' }) }));
    expect(profit_factor).toMatchObject({ candidate: null, ratio: null, reason: 'no_loss' });
  });

  test('all breakeven', () => {
    const even = rows('2026-02-01', Array(30).fill(0), 20).map((each) => ({
      ...each,
      winning_trades: 0,
      losing_trades: 0,
      gross_profit_usd: 0,
      gross_loss_usd: 0,
    }));
    const verdict = verdictOf(input({ baseline, candidate: arm(even, { config_hash: 'b' }) }));
    expect(verdict).toMatchObject({ kind: 'not_enough_data', profit_factor: { reason: 'no_profit' } });
    expect(everyNumber(verdict).every(Number.isFinite)).toBe(true);
  });

  test('a million trades a day', () => {
    const verdict = verdictOf(
      input({
        baseline: arm(rows('2026-01-01', month(0), 1e6)),
        candidate: arm(rows('2026-02-01', month(10), 1e6), { config_hash: 'b' }),
      }),
    );
    expect(everyNumber(verdict).every(Number.isFinite)).toBe(true);
    expect(verdict.trades).toEqual({ baseline: 28e6, candidate: 28e6 });
  });
});
