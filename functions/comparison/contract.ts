import * as z from 'zod';
import { botId, positiveDecimal, snapshotId, wholeNumber } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { figureSchemas } from './figure-schemas.ts';
import { Verdict, VerdictArm } from './verdict/contract.ts';

const usd = z.number().nullable();

/** The snapshots whose arms are compared. */
const pair = {
  baseline: snapshotId
    .optional()
    .meta({ description: 'The old settings; by default the latest other settings with trades' }),
  candidate: snapshotId.optional().meta({ description: 'The new settings; by default the active ones' }),
};

export const StrategyPerformance = z.object({
  snapshot_id: snapshotId,
  bot_id: z.string(),
  active_from: z.string(),
  active_until: z.string().nullable(),
  notes: z.string().nullable(),
  config_hash: z.string(),
  days_active: z.int().meta({ description: 'Whole days of activity, in the trading time zone' }),
  total_trades: z.int(),
  winning_trades: z.int(),
  losing_trades: z.int(),
  breakeven_trades: z.int(),
  days_with_trades: z.int(),
  avg_win_rate: z.number().nullable().meta({ description: 'Pooled: winning / total × 100' }),
  total_pnl: z.number(),
  avg_profit_factor: z
    .number()
    .nullable()
    .meta({ description: 'Pooled: gross profit / gross loss; null without a loss' }),
  avg_expectancy: usd.meta({ description: 'Pooled: total P&L / total trades' }),
  gross_profit_usd: z.number(),
  gross_loss_usd: z.number(),
  avg_win_usd: usd,
  avg_loss_usd: usd,
  largest_win_usd: usd,
  largest_loss_usd: usd,
  ...figureSchemas,
  avg_hold_time_seconds: z.number().nullable(),
  fast_exits_count: z.int(),
  fast_exits_pnl: z.number(),
  unmatched_sells: z.int(),
  open_positions: z.int().meta({ description: 'Positions that are not closed yet, without dust' }),
  open_cost_usd: z.number(),
  unrealised_pnl_usd: z.number().meta({ description: 'Of what is open, at the latest price of each symbol' }),
  marked_at: z
    .string()
    .nullable()
    .meta({ description: 'Time of the oldest of these prices; null when nothing is open' }),
  last_date: z.string().nullable().meta({ description: 'The last trading day with a summary' }),
  stale: z.boolean(),
});
export type StrategyPerformance = z.output<typeof StrategyPerformance>;

export const Target = z
  .object({
    name: z.string(),
    value: z.number().nullable(),
    limit: z.number(),
    target: z.string().meta({ description: 'The condition to meet, such as `> 1.5`' }),
    met: z.boolean().nullable().meta({ description: 'null: nothing to measure yet' }),
  })
  .meta({ id: 'Target' });
export type Target = z.output<typeof Target>;

export const Strategy = StrategyPerformance.extend({
  targets: z
    .array(Target)
    .meta({ description: 'The goals that users set; meeting them is no evidence of skill over luck' }),
}).meta({ id: 'Strategy' });
export type Strategy = z.output<typeof Strategy>;

export const compareStrategies = operation({
  id: 'compareStrategies',
  method: 'GET',
  path: '/comparison',
  capability: 'comparison',
  summary: 'Compare the latest strategies, with a verdict on the last change',
  description: 'Figures are pooled over the summarized days: ratios of sums, never averages of averages.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      limit: wholeNumber({ from: 1, to: 500 }).default(10).meta({ description: 'How many of the latest snapshots' }),
      ...pair,
    }),
  },
  answers: {
    200: {
      description:
        'The strategies, newest first, and the verdict on candidate and baseline; null when the bot has no snapshot',
      schema: z.object({
        strategies: z.array(Strategy),
        verdict: Verdict.nullable(),
        targets: z.array(Target).meta({ description: 'Of the candidate: all periods of its settings together' }),
      }),
    },
  },
  problems: [404],
});

export const Look = z
  .object({
    date: z.string(),
    difference: z
      .number()
      .nullable()
      .meta({ description: 'Expectancy of the candidate minus that of the baseline, USD per trade' }),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    p: z.number().nullable(),
    p_now: z.number().nullable(),
  })
  .meta({ id: 'Look' });
export type Look = z.output<typeof Look>;

export const getComparisonHistory = operation({
  id: 'getComparisonHistory',
  method: 'GET',
  path: '/comparison/history',
  capability: 'comparison',
  summary: 'Every look of a comparison, oldest first',
  description:
    'One look for each completed trading day with trades, once both arms have enough data: the difference as known on that day, with its interval. Empty before the first look.',
  input: { query: z.strictObject({ bot_id: botId, ...pair }) },
  answers: { 200: { description: 'The looks', schema: z.object({ looks: z.array(Look) }) } },
  problems: [404],
});

export const Plan = z
  .object({
    effect_usd: z.number(),
    baseline: VerdictArm.nullable(),
    trades: z.int().nullable(),
    days: z.int().nullable().meta({ description: 'Calendar days at the recent pace of the baseline' }),
    smallest_effect_usd: z.number().nullable(),
    summary: z.string(),
  })
  .meta({ id: 'Plan' });
export type Plan = z.output<typeof Plan>;

export const planComparison = operation({
  id: 'planComparison',
  method: 'GET',
  path: '/comparison/plan',
  capability: 'comparison',
  summary: 'Estimate how long a test of the next change will take',
  description:
    'The time until a difference of this size, in USD per trade, is decided with 80 % probability, assuming the variance and the pace of the active configuration.',
  input: { query: z.strictObject({ bot_id: botId, effect: positiveDecimal.meta({ description: 'USD per trade' }) }) },
  answers: { 200: { description: 'The plan', schema: Plan } },
  problems: [404],
});

export const comparisonOperations = [compareStrategies, getComparisonHistory, planComparison];
