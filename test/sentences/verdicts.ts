import type { Verdict } from '../../functions/comparison/verdict/contract.ts';
import { labelsOf } from '../../functions/comparison/verdict/labels.ts';
import { nextStepSentence } from '../../functions/comparison/verdict/next-step.ts';
import { withoutBaseline } from '../../functions/comparison/verdict/no-baseline.ts';
import { decidingTrades, differenceOf, withoutSingleTrades } from '../../functions/comparison/verdict/one-trade.ts';
import { planOf } from '../../functions/comparison/verdict/plan.ts';
import { summaryOf } from '../../functions/comparison/verdict/summary.ts';
import { verdictOf } from '../../functions/comparison/verdict/verdict.ts';
import { arm, days, input, row, rows } from '../functions/comparison/verdict/arms.ts';
import { combinations, sentencesOf } from './variants.ts';

const noisy = [12, -4, 6, 10, 3, -8, 5, 9, -2, 7];
const base = verdictOf(
  input({ baseline: arm(rows('2026-01-01', noisy)), candidate: arm(rows('2026-02-01', noisy), { config_hash: 'b' }) }),
);

/** Each kind of verdict, with every combination of what changes its words. */
export const verdicts: readonly Verdict[] = combinations({
  kind: ['not_enough_data', 'keep_running', 'keep', 'revert', 'no_material_difference'] as const,
  difference: [0.21, -0.21, null],
  bounds: [[-0.1, 0.52], null] as const,
  needed: [null, { trades: 72, days: 9 }, { trades: 72, days: null }],
  smallest: [null, 0.56],
  decided_on: [null, '2026-02-09'],
  missing: [
    [],
    [{ arm: 'baseline', what: 'snapshot', has: 0, needs: 1 }],
    [{ arm: 'baseline', what: 'days', has: 3, needs: 7 }],
    [
      { arm: 'candidate', what: 'days', has: 3, needs: 7 },
      { arm: 'candidate', what: 'trades', has: 12, needs: 30 },
      { arm: 'candidate', what: 'winning_trades', has: 4, needs: 10 },
      { arm: 'candidate', what: 'losing_trades', has: 2, needs: 10 },
    ],
    [{ arm: 'candidate', what: 'variance', has: 0, needs: 1 }],
  ] as const,
  next_step: [
    { kind: 'wait', days: 9, test_days: 5 },
    { kind: 'run_baseline', days: 9, test_days: null },
  ] as const,
}).map(({ difference, bounds, smallest, missing, ...fields }) => {
  const figures: Verdict = {
    ...base,
    ...fields,
    missing: [...missing],
    smallest_effect_usd: smallest,
    expectancy: { ...base.expectancy, difference, lower: bounds?.[0] ?? null, upper: bounds?.[1] ?? null },
  };
  return { ...figures, summary: summaryOf(figures) };
});

export const verdictSentences = (): string[] => sentencesOf(verdicts.map(({ summary }) => summary));

export const nextSteps = (): string[] =>
  sentencesOf(
    combinations({
      kind: ['wait', 'run_baseline', 'test', 'roll_back', 'decide'] as const,
      days: [9, 1, null],
      test_days: [40, 630, null],
    }).flatMap((next_step) =>
      [0.21, -0.21].map((difference) =>
        nextStepSentence({ ...base, next_step, expectancy: { ...base.expectancy, difference } }),
      ),
    ),
  );

/** The verdict on a bot without a baseline: without trades, after one day, after enough days; with and without other settings before. */
export const firstConfigurations = (): string[] =>
  sentencesOf(
    combinations({ days: [[], [3], noisy], hadOthers: [true, false] }).map(
      ({ days: pnl, hadOthers }) =>
        withoutBaseline(arm(rows('2026-01-01', pnl, 12)), {
          ...{ through: '2026-01-31', hadOthers, settings: { material: 0.05 } },
        }).summary,
    ),
  );

export const plans = (): string[] =>
  [
    { arm: arm(rows('2026-01-01', [3])), effect: 0.1 },
    { arm: arm(rows('2026-01-01', noisy.slice(0, 6))), effect: 0.1 },
    { arm: arm(rows('2026-01-01', Array<number>(10).fill(5), 12)), effect: 0.1 },
    { arm: arm(rows('2026-01-01', noisy)), effect: 0.1 },
    { arm: arm(rows('2026-01-01', noisy)), effect: 50 },
    { arm: arm(rows('2025-12-01', noisy)), effect: 50 },
  ].map((planned) => planOf(planned.arm, { effect: planned.effect, through: '2026-01-10' }).summary);

/** The caveats of a verdict. */
export function caveats(): string[] {
  const baseline = arm(rows('2026-01-01', noisy), { open_cost_usd: 9000 });
  const candidate = arm(rows('2026-02-01', noisy), { config_hash: 'b', open_cost_usd: 9000 });
  const findings = {
    days: { immature: 2, matureFrom: '2026-02-03', baseline: days([4, 4, 4], noisy), candidate: days([4], noisy) },
    expectancy: { ...base.expectancy, difference: 0.3, lower: 0.1, upper: 0.5 },
    ...{ reversed: true, immaterial: true },
    decidingTrades: [1, -1].flatMap((sign) => {
      const both = {
        baseline: [row('2026-01-01', 10, sign, { largest_win_usd: 90, largest_loss_usd: -90 })],
        candidate: [row('2026-02-01', 10, 2 * sign, { largest_win_usd: 90, largest_loss_usd: -90 })],
      };
      return decidingTrades(differenceOf(both), withoutSingleTrades(both));
    }),
  };
  const changed = ['/a', '/b', '/c', '/d', '/e', '/f', '/g'];
  return sentencesOf(
    [2, 1].flatMap((share) =>
      Object.values(labelsOf(input({ baseline, candidate, changed, share, exploratory: true }), findings)),
    ),
  );
}
