import examples from '../../functions/examples.json' with { type: 'json' };
import { ExperimentState } from '../../functions/experiments/contract.ts';
import { planOf } from '../../functions/experiments/plan.ts';
import { labelsOf } from '../../functions/experiments/verdict/labels.ts';
import { summaryOf } from '../../functions/experiments/verdict/summary.ts';
import { combinations, sentencesOf } from './variants.ts';

const [example] = examples.getReport.answers[200].bots[0]?.experiments ?? [];
const base = ExperimentState.parse(example);
const statuses = ['scheduled', 'running', 'paused', 'ended', 'stopped'] as const;

/** A test in each state, with each verdict and every combination of what changes its words. */
export const experiments: readonly ExperimentState[] = combinations({
  status: statuses,
  kind: ['not_enough_data', 'keep_running', 'keep', 'revert', 'no_material_difference'] as const,
  difference: [0.21, -0.21],
  bounds: [[-0.1, 0.52], null] as const,
  needed: [null, { pairs: 8, days: 16 }, { pairs: 8, days: null }],
  decided_on: ['2026-02-09', null],
}).map(({ status, difference, bounds, ...fields }) => {
  const { verdict } = base;
  const figures = {
    ...verdict,
    ...fields,
    missing: [
      { arm: 'both', what: 'pairs', has: 3, needs: 7 },
      { arm: 'both', what: 'followed', has: 60, needs: 75 },
      { arm: 'both', what: 'variance', has: 0, needs: 1 },
      { arm: 'baseline', what: 'trades', has: 12, needs: 30 },
      { arm: 'candidate', what: 'winning_trades', has: 4, needs: 10 },
      { arm: 'candidate', what: 'losing_trades', has: 2, needs: 10 },
    ] satisfies ExperimentState['verdict']['missing'],
    expectancy: { ...verdict.expectancy, difference, lower: bounds?.[0] ?? null, upper: bounds?.[1] ?? null },
    ...(bounds ? { ln_e_t: Math.log(33), ln_e_c: 20 } : { ln_e_t: null, ln_e_c: null }),
    labels: ['imported' as const],
    label_notes: { imported: 'The test was run elsewhere: this service cannot vouch for the coin.' },
  };
  return {
    ...base,
    status,
    design: status === 'paused' ? 'parallel' : 'switchback',
    verdict: { ...figures, summary: summaryOf(figures, status) },
  };
});

export const experimentSentences = (): string[] => sentencesOf(experiments.map(({ verdict }) => verdict.summary));

const sums = (trades: number, pnl: number) => ({
  ...{ trades, pnl, winning: trades / 2, losing: trades / 2 },
  ...{ followed: trades, held_after: 0 },
});

function caveats(): string[] {
  return sentencesOf(
    [4, -4].flatMap((followsMarket) =>
      Object.values(
        labelsOf({
          ...{
            design: 'parallel' as const,
            imported: true,
            share: 2,
            reversed: true,
            immaterial: true,
            material: 0.05,
          },
          sums: { baseline: sums(400, 20), candidate: sums(90, 40) },
          ...{ followed: 0.8, followsMarket, heldAfter: 0.4, perTrade: 0.3, perDay: -0.2 },
          unfair: { voids: 99, orders: 99_999 },
        }),
      ),
    ),
  );
}

export { caveats as experimentCaveats };

const histories = [[], [1, 0, 3, -2, 5, 1, 2, -1, 4, 0, 2, 3], [1000, -900, 800, -1100, 900, -950, 1020, -880]];

export const experimentPlans = (): string[] =>
  sentencesOf(
    histories.flatMap((pnl) =>
      [0.1, 500].map((effect) => {
        const blocks = pnl.map((usd, i) => ({ block: i + 1, ...sums(10, usd) }));
        const history = { p95: 600, trades_per_day: 10 };
        return planOf({ design: 'switchback', length: '1d', settle_days: 0, effect, blocks, ...history }).summary;
      }),
    ),
  );
