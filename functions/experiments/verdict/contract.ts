import * as z from 'zod';
import { VerdictKind } from '../../comparison/verdict/contract.ts';
import { snapshotId } from '../../contract/fields.ts';

const value = z.number().nullable();

export const ExperimentArm = z.object({
  bot_id: z.string(),
  config_hash: z.string(),
  notes: z.string().nullable(),
  snapshot_id: snapshotId
    .nullable()
    .meta({ description: 'The snapshot that it was taken from; null: sent as a configuration' }),
});

const interval = {
  difference: value,
  lower: value.meta({ description: 'null: unbounded, or no look yet' }),
  upper: value,
  p: value,
  p_now: value,
  df: value,
  baseline: value,
  candidate: value,
  reason: z
    .enum(['gates', 'fewer_than_two_days', 'no_profit', 'no_loss', 'no_variance'])
    .nullable()
    .meta({ description: 'Why there is no interval' }),
};

export const ExperimentLabel = z.enum([
  'reversed',
  'immaterial',
  'shared_alpha',
  'imported',
  'not_randomised',
  'not_followed',
  'uneven',
  'trades_differ',
  'less_per_day',
  'long_holds',
  'voids',
  'orders',
]);
export type ExperimentLabel = z.output<typeof ExperimentLabel>;

const both = z.object({ baseline: z.int(), candidate: z.int() });

/** What the evidence of an experiment says. */
export const ExperimentVerdict = z
  .object({
    kind: VerdictKind,
    summary: z.string().meta({ description: 'The verdict in plain words' }),
    baseline: ExperimentArm,
    candidate: ExperimentArm,
    through: z.string().nullable().meta({ description: 'The last completed trading day that is included' }),
    decided_on: z.string().nullable().meta({ description: 'The date of the look that made the decision' }),
    looks: z.int(),
    labels: z.array(ExperimentLabel),
    label_notes: z.partialRecord(ExperimentLabel, z.string()),
    pairs: z.object({
      settled: z.int(),
      with_trades: z.int().meta({ description: 'C: settled pairs with a trade' }),
      left: z
        .int()
        .nullable()
        .meta({ description: 'Further pairs until a difference of this size is decided with 80 % probability' }),
    }),
    trades: both,
    expectancy: z.object(interval).meta({ description: 'USD per trade. Decides' }),
    win_rate: z.object(interval).meta({ description: 'Percentage points. Never decides' }),
    pnl_per_day_usd: z.object(interval).meta({ description: 'Never decides' }),
    ln_e_t: value.meta({ description: 'The natural logarithm of the t test’s e-value at the last look' }),
    ln_e_c: value.meta({ description: 'The same of the coin test. Both tests must agree' }),
    needed: z
      .object({ pairs: z.int(), days: z.int().nullable() })
      .nullable()
      .meta({ description: 'Until a difference of this size is decided with 80 % probability' }),
    missing: z.array(
      z.object({
        arm: z.enum(['baseline', 'candidate', 'both']),
        what: z.enum(['pairs', 'trades', 'winning_trades', 'losing_trades', 'followed', 'variance']),
        has: z.number(),
        needs: z.number(),
      }),
    ),
    alpha: z.number(),
    material_usd: z.number().meta({ description: 'The smallest difference that matters, USD per trade' }),
  })
  .meta({ id: 'ExperimentVerdict' });
export type ExperimentVerdict = z.output<typeof ExperimentVerdict>;

export const ExperimentLook = z
  .object({
    date: z.string(),
    pairs: z.int().meta({ description: 'Settled pairs with a trade' }),
    difference: value,
    lower: value,
    upper: value,
    p: value,
    p_now: value,
    ln_e_t: value,
    ln_e_c: value,
  })
  .meta({ id: 'ExperimentLook' });
export type ExperimentLook = z.output<typeof ExperimentLook>;
