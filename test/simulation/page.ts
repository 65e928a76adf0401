import { thresholds } from '../../functions/thresholds.ts';
import { type DesignCell, designsPage } from './designs-page.ts';
import type { Outcome } from './runs.ts';
import type { World } from './world.ts';

/** A world, and its outcome. */
export type Cell = readonly [World, Outcome];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const rowOf = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)].join('\n');

/** Writes the results as a page of the docs. */
export function pageOf({
  histories,
  seed,
  nulls,
  effects,
  weak,
  real,
  tests,
}: {
  histories: number;
  seed: number;
  nulls: readonly Cell[];
  effects: readonly Cell[];
  weak: readonly Cell[];
  real: readonly Outcome[];
  tests: readonly DesignCell[];
}): string {
  const design = ({ baselineDays, tradesADay, dayShock }: World) => [baselineDays, tradesADay, dayShock];
  const errors = tableOf(
    ['Baseline days', 'Trades per day', 'Day shock (sd)', 'P&L per trade', 'This verdict', 'A daily t-test'],
    nulls.map(([world, { decided, tTest }]) => [...design(world), world.spread, percent(decided), percent(tTest)]),
  );
  const power = tableOf(
    ['Baseline days', 'Trades per day', 'Day shock (sd)', 'Effect (sd)', 'Decided in 90 days', 'Median days to decide'],
    effects.map(([world, { decided, medianDays }]) => [
      ...design(world),
      world.effect,
      percent(decided),
      medianDays ?? '–',
    ]),
  );
  const rare = tableOf(
    ['Baseline days', 'Trades per day', 'Day shock (sd)', 'This verdict', 'A daily t-test'],
    weak.map(([world, { decided, tTest }]) => [...design(world), percent(decided), percent(tTest)]),
  );
  const worst =
    real.length === 0
      ? 'The real trades were not available for this run.'
      : `${real.length} runs of real backtests with at least 60 trading days, days drawn with replacement for both arms (30 days against 90): at most ${percent(Math.max(...real.map(({ decided }) => decided)))} false verdicts in a run, ${percent(real.reduce((total, { decided }) => total + decided, 0) / real.length)} on average; a daily t-test at most ${percent(Math.max(...real.map(({ tTest }) => tTest)))}.`;
  return `# How the verdict behaves when it is checked every day

Results of \`npm run simulate -- --histories ${histories} --seed ${seed}\`: ${histories} histories per cell, each with a completed baseline and a
candidate that is checked on 90 days. The code under test is the product's own (\`functions/comparison/verdict/\`), including its gates.
With ${histories} histories, a share of 1 % is accurate to about ±${(196 * Math.sqrt((0.01 * 0.99) / histories)).toFixed(1)} points.

## When nothing differs: how often a verdict is reached anyway

The verdict claims at most ${thresholds.alpha * 100} %. The t-test is Welch's over trades, checked on the same days.

${errors}

## When the candidate earns more: how often and how soon it is detected

Effects in standard deviations of one trade's P&L; symmetric P&L.

${power}

## Where it is weak

A candidate that wins one trade in twenty, sometimes enormously, and varies seven times as much as its baseline: before the first
enormous win it looks worse than it is, and its days do not show their true variance. The gate of ${thresholds.gates.of_a_kind_rare_in_one} wins (where wins are rare in one arm
only) opens sooner the more trades there are per day, so the error rate rises with them:

${rare}

${designsPage(tests, percent)}
## Days of real trades

${worst}
`;
}
