import { describe, expect, test } from 'vitest';
import type { Day } from '../../../../functions/comparison/verdict/day.ts';
import { logProfitFactor, meanPerTrade } from '../../../../functions/comparison/verdict/estimate.ts';
import { outlook, planned, running } from '../../../../functions/comparison/verdict/needed.ts';
import { type Estimate, isEstimate, weightedMean } from '../../../../functions/statistics/estimate.ts';
import { interval, logE, MIXTURE_WIDTH, pValue, radius } from '../../../../functions/statistics/mixture.ts';
import { halfWidth } from '../../../../functions/statistics/power.ts';
import { day, days } from './arms.ts';

/** Asserts equality to 1e-9, the precision of the published figures. */
const close = (value: number | null | undefined, expected: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(1e-9);
const expectancy = (of: readonly Day[]): Estimate => {
  const estimated = meanPerTrade(of, ({ pnl }) => pnl);
  if (!isEstimate(estimated)) throw new Error(estimated);
  return estimated;
};

describe('the mixture', () => {
  test('is widest where the candidate has as many trades as the baseline', () =>
    close(MIXTURE_WIDTH, 15.87230920347513));

  test('with a known variance is the normal mixture', () => {
    const evidence = { difference: 0.22, variance: 0.0117, df: Number.POSITIVE_INFINITY, tau2: 0.0625 };
    close(evidence.variance / (evidence.variance + evidence.tau2), 0.15768194070080863);
    close(Math.exp(logE(evidence)), 2.267420545070796);
    close(interval(evidence)?.[0], -0.10997058788041894);
    close(interval(evidence)?.[1], 0.549970587880419);
  });

  test('with 13 degrees of freedom is wider', () => {
    const evidence = { difference: 0.22, variance: 0.0117, df: 13, tau2: 0.0625 };
    close(radius(evidence), 3.6710071245608034);
    close(logE(evidence), 0.6676387018881417);
    close(pValue(logE(evidence)), 0.5129183019827306);
  });

  test('approaches the normal mixture as the degrees of freedom grow', () => {
    const evidence = { difference: 0.22, variance: 0.0117, tau2: 0.0625 };
    expect(logE({ ...evidence, df: 1e7 })).toBeCloseTo(logE({ ...evidence, df: Number.POSITIVE_INFINITY }), 5);
    expect(radius({ ...evidence, df: 1e7 })).toBeCloseTo(radius({ ...evidence, df: Number.POSITIVE_INFINITY }) ?? 0, 5);
  });

  test('has an interval of exactly the differences whose e-value is below 1/α', () => {
    const evidence = { difference: 0.22, variance: 0.0117, df: 13, tau2: 0.0625 };
    const [lower, upper] = interval(evidence) ?? [Number.NaN, Number.NaN];
    for (const edge of [lower, upper]) {
      expect(logE({ ...evidence, difference: evidence.difference - edge })).toBeCloseTo(-Math.log(0.05), 9);
    }
  });
});

describe('an estimate', () => {
  test('of unequal days has a corrected variance and fewer degrees of freedom', () => {
    const { value, variance, df } = expectancy(days([4, 2, 3, 5], [12, -4, 6, 10]));
    close(value, 1.7142857142857142);
    close(variance, 0.5383632240775098);
    close(df, 2.666068222621185);
  });

  test('of equal days has C − 1 degrees of freedom', () =>
    close(expectancy(days([3, 3, 3, 3, 3], [1, 2, 3, 4, 6])).df, 4));

  test('has no variance when one day has all the trades', () =>
    expect(
      weightedMean([
        { weight: 3, total: 3 },
        { weight: 0, total: 1 },
      ]),
    ).toBe('no_variance'));

  test('of the log profit factor is linearized by days', () => {
    const losses = [8, 7, 4, 5];
    const estimated = logProfitFactor(
      [20, 3, 10, 15].map((gross_profit, i) =>
        day(`2026-01-0${i + 1}`, 1, 0, { gross_profit, gross_loss: losses[i] ?? 0 }),
      ),
    );
    if (!isEstimate(estimated)) throw new Error(estimated);
    close(estimated.value, Math.LN2);
    close(estimated.variance, 0.09606481481481481);
  });

  test('of two arms gives the published difference', () => {
    const baseline = expectancy(days([3, 5, 2, 4, 6, 1, 3, 4], [1.2, -0.8, 0.3, -1.1, 2.4, -0.2, -0.9, 0.6]));
    const candidate = expectancy(days([2, 4, 3, 5, 1, 3, 6], [1.1, 2, 0.4, 1.9, 0.5, -0.3, 3.1]));
    const evidence = {
      difference: candidate.value - baseline.value,
      variance: baseline.variance + candidate.variance,
      df: Math.min(baseline.df, candidate.df),
      tau2: MIXTURE_WIDTH * baseline.variance,
    };
    close(evidence.difference, 0.3089285714285715);
    close(evidence.variance, 0.02254849412071952);
    close(evidence.df, 4.790101044885187);
    close(evidence.tau2, 0.23590588069372356);
    close(radius(evidence), 5.017291090672719);
    close(logE(evidence), 0.39858107572300217);
    close(pValue(logE(evidence)), 0.6712718545347175);
    close(interval(evidence)?.[0], -0.44447568603980075);
    close(interval(evidence)?.[1], 1.0623328288969438);
  });
});

describe('the outlook', () => {
  const published = [
    {
      V0: 0.004,
      df0: 13,
      V1: 0.009,
      df1: 6,
      C1: 7,
      n1: 77,
      D: 0.42,
      pace: 1,
      m: 7,
      trades: 77,
      days: 7,
      width: 0.4095982243,
      floor: 0.2797821347,
    },
    {
      V0: 0.0001,
      df0: 27,
      V1: 0.0004,
      df1: 9,
      C1: 10,
      n1: 40,
      D: -0.01,
      pace: 10 / 14,
      m: 75,
      trades: 300,
      days: 105,
      width: 0.049979204,
      floor: 0.0413956669,
    },
  ];
  test.each(published)(
    'for a difference of $D needs $trades trades and $days days',
    ({ V0, df0, V1, df1, C1, n1, D, pace, m, trades, days: calendar, width, floor }) => {
      const tau2 = MIXTURE_WIDTH * V0;
      const candidate = running({ value: D, variance: V1, df: df1 }, C1);
      const found = outlook({
        baseline: { variance: V0, df: df0 },
        candidate,
        tau2,
        effect: Math.max(Math.abs(D), 0.05),
        atLeast: 0,
      });
      expect(found.days).toBe(m);
      expect(Math.ceil((m * n1) / C1)).toBe(trades);
      expect(Math.ceil(m / pace)).toBe(calendar);
      const { variance, df } = candidate(m);
      close(halfWidth({ variance: V0 + variance, df: Math.min(df0, df) }, tau2), width);
      close(found.smallestEffect, floor);
    },
  );

  test('of equal days has as many degrees of freedom as days but one, whether the arm goes on or is repeated', () => {
    const ten = { value: 0, variance: 0.01, df: 9 };
    for (const m of [5, 20]) {
      expect(running(ten, 10)(m)).toEqual({ variance: 0.1 / (10 + m), df: 10 + m - 1 });
      expect(planned(ten, 10)(m)).toEqual({ variance: 0.1 / m, df: m - 1 });
    }
  });

  test('is null when the baseline is too short to ever decide', () => {
    const found = outlook({
      baseline: { variance: 0.01, df: 6 },
      candidate: running({ value: 0.3, variance: 0.02, df: 9 }, 10),
      tau2: MIXTURE_WIDTH * 0.01,
      effect: 0.3,
      atLeast: 0,
    });
    expect(found.days).toBeNull();
    close(found.smallestEffect, 0.5216766167);
  });
});
