import * as z from 'zod';
import { snapshotId } from '../../contract/fields.ts';
import { thresholds } from '../../thresholds.ts';
import { figuresOfBoth } from '../figure-schemas.ts';

const value = z.number().nullable();

const bounds = {
  lower: value.meta({ description: 'null: unbounded, or no look yet' }),
  upper: value,
  p: value.meta({ description: 'Always-valid p-value: the smallest of all looks so far' }),
  p_now: value.meta({ description: 'The p-value of the latest look alone' }),
  df: value.meta({ description: 'Degrees of freedom' }),
  baseline: value,
  candidate: value,
  reason: z
    .enum(['gates', 'fewer_than_two_days', 'no_profit', 'no_loss', 'no_variance'])
    .nullable()
    .meta({ description: 'Why there is no interval' }),
};

const Difference = z.object({ difference: value, ...bounds }).meta({ id: 'Difference' });
const Ratio = z.object({ ratio: value, ...bounds }).meta({ id: 'Ratio' });
const both = z.object({ baseline: z.number(), candidate: z.number() });

export const VerdictArm = z
  .object({
    snapshot_id: snapshotId,
    config_hash: z.string(),
    notes: z.string().nullable(),
    snapshot_ids: z.array(snapshotId),
  })
  .meta({ id: 'VerdictArm', description: 'All snapshots of the bot with this configuration' });

export const Label = z.enum([
  'observational',
  'confounded',
  'reversed',
  'immaterial',
  'exploratory',
  'open_positions',
  'one_trade',
  'shared_alpha',
  'maturing',
]);
export type Label = z.output<typeof Label>;

export const VerdictKind = z.enum(['not_enough_data', 'keep_running', 'keep', 'revert', 'no_material_difference']);
export type VerdictKind = z.output<typeof VerdictKind>;

/** What the evidence says about two arms. */
export const Verdict = z
  .object({
    kind: VerdictKind,
    summary: z.string().meta({ description: 'The verdict in plain words' }),
    baseline: VerdictArm.nullable(),
    candidate: VerdictArm.nullable(),
    through: z.string().nullable().meta({ description: 'The last completed trading day that is included' }),
    decided_on: z.string().nullable().meta({ description: 'The date of the look that made the decision' }),
    looks: z.int(),
    labels: z.array(Label),
    label_notes: z
      .partialRecord(Label, z.string())
      .meta({ description: 'An explanation of each label, with its figures' }),
    days: both.meta({ description: 'Days with trades' }),
    trades: both,
    expectancy: Difference.meta({ description: 'USD per trade' }),
    win_rate: Difference.meta({ description: 'Percentage points' }),
    profit_factor: Ratio,
    without: z
      .array(
        z.object({
          arm: z.enum(['baseline', 'candidate']),
          trade: z.enum(['best', 'worst']),
          trade_pnl_usd: z.number(),
          baseline: z.number(),
          candidate: z.number(),
          difference: z.number(),
        }),
      )
      .meta({
        description:
          'P&L per trade without the best, and without the worst trade of an arm. Where its difference has another sign, one trade decides',
      }),
    ...figuresOfBoth,
    needed: z.object({ trades: z.int(), days: z.int().nullable() }).nullable().meta({
      description:
        'Until a difference of this size is decided with 80 % probability; null: already decided, or never with this baseline',
    }),
    smallest_effect_usd: value.meta({
      description: 'The smallest difference that can ever be decided with this baseline',
    }),
    next_step: z
      .object({
        kind: z.enum(['wait', 'run_baseline', 'test', 'roll_back', 'decide']).meta({
          description:
            'Wait; run the old settings again; start an alternating test; roll back; or nothing is left to wait for',
        }),
        days: z
          .int()
          .nullable()
          .meta({ description: 'Calendar days that it takes at the present pace; null: unknown' }),
        test_days: z.int().nullable().meta({ description: 'Days of an alternating test instead' }),
      })
      .meta({ description: 'What to do next, so that there is an end' }),
    missing: z.array(
      z.object({
        arm: z.enum(['baseline', 'candidate']),
        what: z.enum(['snapshot', 'days', 'trades', 'winning_trades', 'losing_trades', 'variance']),
        has: z.number(),
        needs: z.number(),
      }),
    ),
    alpha: z.number().meta({
      description: `The error rate of this comparison: ${thresholds.alpha * 100} %, or its share of that when the baseline has several candidates`,
    }),
    material_usd: z.number().meta({ description: 'The smallest difference that matters, USD per trade' }),
  })
  .meta({ id: 'Verdict' });
export type Verdict = z.output<typeof Verdict>;
export type Difference = z.output<typeof Difference>;
export type Ratio = z.output<typeof Ratio>;
