import * as z from 'zod';
import { botId, cursor, day, instant, limit, nextCursor, snapshotId } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { thresholds } from '../thresholds.ts';

const { breakeven_usd, fast_exit_seconds } = thresholds;
const usd = z.number().nullable();

export const Summary = z
  .object({
    bot_id: z.string(),
    snapshot_id: snapshotId,
    date: z.string(),
    time_zone: z.string().meta({ description: 'The time zone of this trading day' }),
    total_trades: z.int(),
    winning_trades: z.int().meta({ description: `P&L above ${breakeven_usd} USD` }),
    losing_trades: z.int().meta({ description: `P&L below -${breakeven_usd} USD` }),
    breakeven_trades: z.int(),
    unmatched_sells: z
      .int()
      .meta({ description: 'Sell orders without, or with too few, matching buys; not part of any rate' }),
    total_pnl_usd: z.number(),
    gross_profit_usd: z.number(),
    gross_loss_usd: z.number(),
    win_rate: z.number().nullable().meta({ description: 'winning / total × 100' }),
    profit_factor: z.number().nullable().meta({ description: 'gross profit / gross loss; null without a loss' }),
    expectancy_usd: usd.meta({ description: 'total P&L / total trades' }),
    avg_win_usd: usd,
    avg_loss_usd: usd,
    largest_win_usd: usd,
    largest_loss_usd: usd,
    max_drawdown_usd: z.number(),
    avg_hold_time_seconds: z.number().nullable(),
    median_hold_time_seconds: z.number().nullable(),
    fast_exits_count: z.int().meta({ description: `Held under ${fast_exit_seconds} seconds` }),
    fast_exits_pnl: z.number(),
    updated_at: z.string(),
    stale: z.boolean().meta({ description: 'A change affects this day; the next run recomputes it' }),
  })
  .meta({ id: 'Summary' });
export type Summary = z.output<typeof Summary>;

export const SummariseDays = z.strictObject({
  from: day,
  to: day.nullish().meta({ description: 'Inclusive; by default the same day' }),
  bot_id: botId,
});
export type SummariseDays = z.output<typeof SummariseDays>;

export const summariseDays = operation({
  id: 'summariseDays',
  method: 'POST',
  path: '/summaries',
  capability: 'summaries',
  summary: 'Compute the summaries of trading days now',
  description:
    'At most 366 days. Each day is replaced as a whole. When 20 s are not enough, `next_from` is the day to continue with.',
  input: { body: SummariseDays },
  answers: {
    200: {
      description: 'What was computed',
      schema: z.object({
        from: z.string(),
        to: z.string(),
        days: z.int(),
        rows: z.int().meta({ description: 'Summary rows of these days after the run' }),
        next_from: z.string().optional(),
      }),
    },
  },
});

export const listSummaries = operation({
  id: 'listSummaries',
  method: 'GET',
  path: '/summaries',
  capability: 'summaries',
  summary: 'List daily summaries, newest day first',
  description:
    'One for each snapshot and trading day. P&L is attributed to the snapshot that bought, on the day of the sale.',
  input: {
    query: z
      .strictObject({
        bot_id: botId,
        snapshot_id: snapshotId.optional(),
        from: day.optional().meta({ description: 'Inclusive' }),
        to: day.optional().meta({ description: 'Inclusive' }),
        limit,
        cursor: cursor(z.tuple([day, instant])).optional(),
      })
      .refine(({ from, to }) => !from || !to || from <= to, {
        path: ['to'],
        message: 'must not be before `from`',
      }),
  },
  answers: {
    200: { description: 'A page', schema: z.object({ summaries: z.array(Summary), next_cursor: nextCursor }) },
  },
});

export const DailyPnl = z
  .object({
    date: z.string(),
    snapshot_id: snapshotId,
    total_trades: z.int(),
    winning_trades: z.int(),
    losing_trades: z.int(),
    total_pnl_usd: z.number(),
    cumulative_pnl_usd: z.number().meta({ description: 'Of all rows up to this one' }),
    snapshot_pnl_usd: z.number().meta({ description: 'Of this snapshot’s rows up to this one' }),
    drawdown_usd: z
      .number()
      .meta({ description: 'Fall of cumulative P&L from its running peak, which starts at 0, at the end of this row' }),
    stale: z.boolean(),
  })
  .meta({ id: 'DailyPnl' });
export type DailyPnl = z.output<typeof DailyPnl>;

/** Most days of one series. */
export const MOST_DAYS_OF_PNL = 366;

export const getDailyPnl = operation({
  id: 'getDailyPnl',
  method: 'GET',
  path: '/summaries/pnl',
  capability: 'summaries',
  summary: 'Get the P&L of each day and snapshot, with its running total, oldest first',
  description: `At most ${MOST_DAYS_OF_PNL} days; by default those up to the last day with a summary. Cumulative figures start at 0 on the first day of the range.`,
  input: {
    query: z.strictObject({
      bot_id: botId,
      from: day.optional().meta({ description: 'Inclusive; by default 366 days up to `to`' }),
      to: day.optional().meta({ description: 'Inclusive; by default the last day with a summary' }),
    }),
  },
  answers: {
    200: {
      description: 'One row per day and snapshot; `from` and `to` are null when there is no summary yet',
      schema: z.object({ from: z.string().nullable(), to: z.string().nullable(), days: z.array(DailyPnl) }),
    },
  },
});

export const summaryOperations = [summariseDays, listSummaries, getDailyPnl];
