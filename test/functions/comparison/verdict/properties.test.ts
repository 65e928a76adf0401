import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Day } from '../../../../functions/comparison/verdict/day.ts';
import { meanPerTrade } from '../../../../functions/comparison/verdict/estimate.ts';
import { looksOf } from '../../../../functions/comparison/verdict/looks.ts';
import { outlook, running } from '../../../../functions/comparison/verdict/needed.ts';
import { verdictOf } from '../../../../functions/comparison/verdict/verdict.ts';
import { isEstimate } from '../../../../functions/statistics/estimate.ts';
import { interval, logE, MIXTURE_WIDTH } from '../../../../functions/statistics/mixture.ts';
import { dayAfter } from '../../../../functions/summaries/days.ts';
import { arm, input, row } from './arms.ts';

const DAYS = 12;
const someDays = (from: string) =>
  fc
    .array(fc.record({ trades: fc.integer({ min: 6, max: 30 }), cents: fc.integer({ min: -900, max: 900 }) }), {
      minLength: DAYS,
      maxLength: DAYS,
    })
    .filter((drawn) => new Set(drawn.map(({ trades, cents }) => cents / trades)).size > 2)
    .map((drawn) =>
      drawn.map(
        ({ trades, cents }, i): Day => ({
          date: dayAfter(from, i),
          trades,
          winning: Math.ceil(trades / 2),
          losing: Math.floor(trades / 2),
          pnl: cents / 100,
          gross_profit: 5 + Math.max(cents, 0) / 100,
          gross_loss: 5 + Math.max(-cents, 0) / 100,
        }),
      ),
    );
const baselineDays = someDays('2026-01-01');
const candidateDays = someDays('2026-02-01');

const estimateOf = (days: readonly Day[]) => {
  const estimated = meanPerTrade(days, ({ pnl }) => pnl);
  if (!isEstimate(estimated)) throw new Error(estimated);
  return estimated;
};

describe('for any days', () => {
  test('swapping the arms at a given τ² negates the difference and does not change the evidence', () => {
    fc.assert(
      fc.property(baselineDays, candidateDays, (a, b) => {
        const [from, to] = [estimateOf(a), estimateOf(b)];
        const shared = { variance: from.variance + to.variance, df: Math.min(from.df, to.df), tau2: 0.1 };
        const forth = { difference: to.value - from.value, ...shared };
        const back = { difference: from.value - to.value, ...shared };
        expect(back.difference).toBe(-forth.difference);
        expect(logE(back)).toBe(logE(forth));
        const [there, here] = [interval(forth), interval(back)];
        if (there && here) expect([-here[1], -here[0]]).toEqual([there[0], there[1]]);
        else expect(here).toBe(there);
      }),
    );
  });

  test('scaling P&L by a constant scales the intervals and does not change p', () => {
    fc.assert(
      fc.property(baselineDays, candidateDays, fc.constantFrom(0.001, 0.5, 3, 1e6), (baseline, candidate, scale) => {
        const times = (days: readonly Day[]) =>
          days.map((day) => ({
            ...day,
            pnl: day.pnl * scale,
            gross_profit: day.gross_profit * scale,
            gross_loss: day.gross_loss * scale,
          }));
        const plain = looksOf({ baseline, candidate, share: 1 }).at(-1)?.readings;
        const scaled = looksOf({ baseline: times(baseline), candidate: times(candidate), share: 1 }).at(-1)?.readings;
        if (typeof plain?.expectancy !== 'object' || typeof scaled?.expectancy !== 'object') throw new Error('no look');
        expect(scaled.expectancy.p).toBeCloseTo(plain.expectancy.p, 9);
        expect(scaled.expectancy.difference / scale).toBeCloseTo(plain.expectancy.difference, 9);
        if (plain.expectancy.lower === null) expect(scaled.expectancy.lower).toBeNull();
        else expect((scaled.expectancy.lower ?? Number.NaN) / scale).toBeCloseTo(plain.expectancy.lower, 9);
      }),
    );
  });

  test('a day without trades does not change the verdict', () => {
    fc.assert(
      fc.property(baselineDays, candidateDays, (from, to) => {
        const rowsOf = (days: readonly Day[]) => days.map(({ date, trades, pnl }) => row(date, trades, pnl));
        const plain = verdictOf(
          input({ baseline: arm(rowsOf(from)), candidate: arm(rowsOf(to)), through: '2026-02-28' }),
        );
        const quiet = row('2026-02-20', 0, 0, { hold_time_buckets: {} });
        const with_ = verdictOf(
          input({ baseline: arm(rowsOf(from)), candidate: arm([...rowsOf(to), quiet]), through: '2026-02-28' }),
        );
        const { pnl_per_day_usd: _, ...tested } = plain;
        expect(with_).toMatchObject(tested);
      }),
    );
  });

  test('a larger effect never needs more days', () => {
    fc.assert(
      fc.property(
        baselineDays,
        candidateDays,
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (a, b, effect, factor) => {
          const [baseline, to] = [estimateOf(a), estimateOf(b)];
          const needed = (size: number) =>
            outlook({
              baseline,
              candidate: running(to, DAYS),
              tau2: MIXTURE_WIDTH * baseline.variance,
              effect: size,
              atLeast: 0,
            }).days ?? Number.POSITIVE_INFINITY;
          expect(needed(effect * factor)).toBeLessThanOrEqual(needed(effect));
        },
      ),
    );
  });

  test('p never rises from look to look', () => {
    fc.assert(
      fc.property(baselineDays, candidateDays, (baseline, candidate) => {
        const ps = looksOf({ baseline, candidate, share: 1 }).map(({ readings: { expectancy } }) =>
          typeof expectancy === 'object' ? expectancy.p : 1,
        );
        expect(ps).toEqual(ps.toSorted((x, y) => y - x));
      }),
    );
  });
});
