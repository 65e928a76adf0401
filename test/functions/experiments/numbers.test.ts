import { describe, expect, test } from 'vitest';
import { firstBorder, instantOf, nextBorder } from '../../../functions/experiments/schedule/borders.ts';
import { orderOf } from '../../../functions/experiments/schedule/coin.ts';
import { logCoinE } from '../../../functions/experiments/verdict/coin-test.ts';
import { contrasts } from '../../../functions/experiments/verdict/contrast.ts';
import { coinE, followsMarket } from '../../../functions/experiments/verdict/integrity.ts';
import { looksOf, settledBy } from '../../../functions/experiments/verdict/looks.ts';
import { isEstimate, weightedMean } from '../../../functions/statistics/estimate.ts';
import { pairsNeeded, pairsToPlan, plannedWidth, widthAfter } from '../../../functions/statistics/pairs-needed.ts';
import { decisionOf } from '../../../functions/statistics/sequential.ts';
import { pairsOf, X } from './pairs.ts';

const close = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual} is not ${expected}`).toBeLessThan(1e-9);

describe('the numbers of the method', () => {
  test('orders of pairs, from a seed', () => {
    const orders = Array.from({ length: 16 }, (_, i) =>
      orderOf('00112233445566778899aabbccddeeff', 'default', i + 1) === 'baseline_first' ? 0 : 1,
    );
    expect(orders.join('')).toBe('1101111100100111');
  });

  test.each([
    [12, 12, 660.1943359375],
    [7, 7, 26.8125],
    [9, 12, 1.0791015625],
  ])('voids: %i of %i broke in the candidate’s block', (heads, tosses, e) => {
    close(coinE(heads, tosses), e);
  });

  test('the coin test', () => {
    close(Math.exp(logCoinE(Array(8).fill(1), 1)), 19.898524934359322);
    close(Math.exp(logCoinE(Array(9).fill(1), 1)), 33.51382603717743);
    const contrast = [2, 1, -0.5, 3, 1.5, -1, 2, 4, 0.5, 2.5];
    close(logCoinE(contrast, 1), 1.8383065517514137);
    close(logCoinE(contrast, -1), -3.957486489171515);
    // Nothing is bet on a pair without a difference.
    close(logCoinE([0, 0], 1), Math.log(0.5));
  });

  test('contrasts within windows of twenty trades, and their estimate', () => {
    const sums = settledBy(
      pairsOf({
        baseline: { trades: [3, 0, 4, 6], pnl: [1.2, 0, -2, 3.3] },
        candidate: { trades: [5, 2, 6, 9], pnl: [2.5, -0.7, 1.8, 6.3] },
      }),
      '9999-12-31',
    );
    const clusters = contrasts(sums, (arm) => arm.pnl);
    for (const [i, z] of [0.375, -1.3, 3.52, 1.872].entries()) close(clusters[i]?.total, z);
    for (const [i, k] of [3.75, 0.6, 4.7, 7.2].entries()) close(clusters[i]?.weight, k);
    const estimate = weightedMean(clusters);
    if (!isEstimate(estimate)) throw new Error(estimate);
    close(estimate.value, 0.2748923076923077);
    close(estimate.variance, 0.0370826186610533);
    close(estimate.df, 2.065274276038274);
  });

  const looks = looksOf({ pairs: X, block_days: 1, share: 1, through: '2026-01-24' });
  const readingAt = (look: (typeof looks)[number] | undefined) => {
    const reading = look?.readings.expectancy;
    if (typeof reading !== 'object') throw new Error(reading);
    return reading;
  };

  test('the first look, after seven pairs', () => {
    expect(looks[0]).toMatchObject({ date: '2026-01-14', pairs: 7 });
    const first = readingAt(looks[0]);
    close(first.tau2, 0.0792918379318896);
    close(first.ln_e_t, 1.6128878323025633);
    close(first.ln_e_c, 2.126851592056735);
    expect([first.lower, first.upper]).toEqual([null, null]);
  });

  test('the decision after twelve pairs', () => {
    const last = readingAt(looks.at(-1));
    close(last.difference, 0.84955836497826);
    close(last.variance, 0.028479581649421947);
    close(last.df, 10.190555249462669);
    close(last.lower, 0.11104598786404674);
    close(last.upper, 1.5880707420924733);
    close(((last.upper ?? 0) - last.difference) / Math.sqrt(last.variance), 4.376137664311239);
    close(last.ln_e_t, 3.496856592986687);
    close(last.ln_e_c, 3.9517372845813896);
    close(last.p, 0.030292455435885095);
    expect(decisionOf(looks.map(({ date, readings }) => ({ date, reading: readings.expectancy })))).toEqual({
      kind: 'keep',
      date: '2026-01-24',
      reversed: false,
    });
    close(followsMarket(settledBy(X, '2026-01-24')), 0.0855400201978975);
  });

  test('P&L per day and the win rate after twelve pairs', () => {
    const { win_rate, pnl_per_day } = looks.at(-1)?.readings ?? {};
    if (typeof win_rate !== 'object' || typeof pnl_per_day !== 'object') throw new Error('no reading');
    close(pnl_per_day.difference, 3.4);
    close(pnl_per_day.lower, 0.28866388124071607);
    close(pnl_per_day.upper, 6.511336118759285);
    close(win_rate.difference, 0.15043266051469692);
    close(win_rate.lower, -0.10516047265151948);
    close(win_rate.upper, 0.4060257936809133);
  });

  test('the second candidate against one baseline has a third of α', () => {
    const second = readingAt(looksOf({ pairs: X, block_days: 1, share: 2, through: '2026-01-24' }).at(-1));
    close(second.p, 0.09087736630765528);
    close(second.lower, -0.16080425045805546);
    close(second.upper, 1.8599209804145755);
    expect(second.decides).toBe(false);
  });

  test('what is needed after ten pairs', () => {
    const look = looks.find(({ pairs }) => pairs === 10);
    const { difference: value, variance, df, tau2 } = readingAt(look);
    const state = { estimate: { value, variance, df }, pairs: 10, tau2, alpha: 0.05 };
    expect(pairsNeeded({ ...state, effect: Math.max(Math.abs(value), 0.05) })).toBe(3);
    close(widthAfter(state, 3), 0.8447663592833996);
  });

  test('a plan', () => {
    const plan = { estimate: { variance: 0.01, df: 10 }, pairs: 12, alpha: 0.05 };
    expect(pairsToPlan({ ...plan, effect: 0.5 })).toBe(13);
    close(plannedWidth(plan, 13), 0.471231158662755);
  });

  test('borders of six hours on the day on which Berlin’s clocks go forward', () => {
    let border = firstBorder('Europe/Berlin', Date.parse('2026-03-28T22:30:00Z'), '6h');
    const borders = Array.from({ length: 4 }, () => {
      const at = instantOf('Europe/Berlin', border);
      border = nextBorder(border, '6h');
      return new Date(at).toISOString().slice(8, 13);
    });
    expect(borders).toEqual(['28T23', '29T04', '29T10', '29T16']);
  });
});
