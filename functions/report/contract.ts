import * as z from 'zod';
import { Look, Strategy, Target } from '../comparison/contract.ts';
import { Verdict } from '../comparison/verdict/contract.ts';
import { botId, cursor, day, nextCursor, snapshotId, wholeNumber } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { ExperimentState } from '../experiments/contract.ts';
import { Outbox } from '../service/contract.ts';
import { Change } from '../snapshots/contract.ts';
import { Coverage, Reconciliation } from '../trades/data-quality/contract.ts';
import { Group, groupTrades } from './groups/contract.ts';

const value = z.number().nullable();

export const Performance = z
  .object({
    from: z.string().meta({ description: 'The first trading day' }),
    to: z.string().meta({ description: 'The last trading day' }),
    calendar_days: z.int().meta({ description: 'Days on which a strategy was active or one of its trades closed' }),
    total_trades: z.int(),
    winning_trades: z.int(),
    losing_trades: z.int(),
    breakeven_trades: z.int(),
    total_pnl_usd: z.number(),
    pnl_per_day_usd: value.meta({ description: 'Per calendar day, including days without trades' }),
    win_rate: value,
    profit_factor: value,
    expectancy_usd: value,
    fast_exits_count: z.int(),
    fast_exits_pnl: z.number(),
    fast_exit_rate: value,
    unmatched_sells: z.int(),
  })
  .meta({ id: 'Performance', description: 'All strategies of a bot, pooled over trading days' });
export type Performance = z.output<typeof Performance>;

const groups = z.array(Group);

export const Outside = z
  .object({
    manual_trades: z.int(),
    manual_pnl_usd: z.number(),
    unattributed_trades: z.int(),
    unattributed_pnl_usd: z.number(),
    unmatched_sells: z.int(),
  })
  .meta({ description: 'Trades of no strategy: made by hand, or entered before the first snapshot' });
export type Outside = z.output<typeof Outside>;

export const OpenPosition = z.object({
  snapshot_id: snapshotId.nullable(),
  notes: z.string().nullable(),
  open_positions: z.int(),
  open_cost_usd: z.number(),
});

export const LateChange = z.object({
  date: z.string(),
  mailed_trades: z.int(),
  mailed_pnl_usd: z.number(),
  total_trades: z.int(),
  total_pnl_usd: z.number(),
});

export const ExcludedButBought = z.object({ symbol: z.string(), orders: z.int() });
const excludedButBought = z
  .array(ExcludedButBought)
  .meta({ description: 'Symbols bought while the active configuration excluded them' });

export const SymbolEvidence = z
  .object({
    symbol: z.string(),
    days: z.int().meta({ description: 'Days with trades' }),
    total_trades: z.int(),
    total_pnl_usd: z.number(),
    expectancy_usd: z.number(),
    lower_usd: z.number().meta({ description: 'The interval of the expectancy' }),
    upper_usd: z.number(),
  })
  .meta({ id: 'SymbolEvidence', description: 'The P&L per trade of a symbol, with an interval valid at every look' });
export type SymbolEvidence = z.output<typeof SymbolEvidence>;

export const Symbols = z
  .object({
    traded: z.int().meta({ description: 'Symbols that it has traded; the error rate is shared among them' }),
    measured: z.int().meta({ description: 'Of these, those with enough days and trades for an interval' }),
    alpha: z.number().meta({ description: 'The error rate of each interval' }),
    losing: z
      .array(SymbolEvidence)
      .meta({ description: 'The interval is below 0: worth excluding. Largest loss first' }),
    earning: z
      .array(SymbolEvidence)
      .meta({ description: 'The interval is above 0: worth keeping. Largest profit first' }),
  })
  .meta({ id: 'Symbols', description: 'The symbols of the active configuration, in all its periods' });
export type Symbols = z.output<typeof Symbols>;

const experiments = z.array(ExperimentState).meta({ description: 'Randomised tests of these days, newest first' });

const DailySection = z.object({
  bot_id: z.string(),
  day: Performance,
  outside: Outside,
  verdict: Verdict.nullable(),
  experiments,
  correction: z
    .string()
    .nullable()
    .meta({ description: 'A sentence about an earlier mail whose verdict late changes have altered' }),
  changes: z.array(Change).meta({ description: 'The settings that differ between baseline and candidate' }),
  targets: z.array(Target).meta({ description: 'Of the candidate: all periods of its settings together' }),
  looks: z.array(Look),
  strategies: z.array(Strategy).meta({ description: 'The last ten, newest first' }),
  curves: z.array(
    z.object({
      snapshot_id: snapshotId,
      points: z.array(z.object({ day: z.int(), date: z.string(), pnl_usd: z.number() })),
    }),
  ),
  by_trigger: groups,
  by_symbol: groups,
  by_hour: groups,
  by_outcome: groups,
  symbols: Symbols,
  excluded_but_bought: excludedButBought,
  coverage: Coverage,
  outbox: Outbox.nullable().meta({ description: 'What the bot’s client last reported; null: nothing' }),
  open_positions: z.array(OpenPosition),
  late_changes: z.array(LateChange).meta({ description: 'Earlier days that have changed since they were mailed' }),
  reconciliations: z.array(Reconciliation).meta({ description: 'The latest comparison with each tool’s own records' }),
  waiting_days: z.int().meta({ description: 'Trading days that are missing or due for recomputation' }),
  computed_at: z.string().nullable(),
});
export type DailySection = z.output<typeof DailySection>;

const WeeklySection = z.object({
  bot_id: z.string(),
  week: Performance,
  week_before: Performance,
  outside: Outside,
  verdict: Verdict.nullable(),
  experiments,
  strategies: z.array(Strategy),
  days: z.array(z.object({ date: z.string(), total_trades: z.int(), total_pnl_usd: z.number() })),
  by_trigger: groups,
  by_symbol: groups,
  by_hour: groups,
  by_outcome: groups,
  by_score: groups.meta({ description: 'By buy score relative to the snapshot’s own buy target' }),
  by_indicator_count: groups,
  by_indicator: groups.meta({
    description: 'By indicator that contributed to the entry; a trade is in the group of each',
  }),
  symbols: Symbols,
  excluded_but_bought: excludedButBought,
  coverage: Coverage,
  outbox: Outbox.nullable().meta({ description: 'What the bot’s client last reported; null: nothing' }),
  reconciliations: z.array(Reconciliation).meta({ description: 'The latest comparison with each tool’s own records' }),
  waiting_days: z.int(),
  computed_at: z.string().nullable(),
});
export type WeeklySection = z.output<typeof WeeklySection>;

export const FailedDelivery = z
  .object({
    kind: z.enum(['daily', 'weekly']),
    date: z.string(),
    channel: z.enum(['mail', 'telegram', 'discord', 'slack', 'webhook']),
    status: z.enum(['refused', 'unknown']).meta({
      description: 'refused: it was not taken. unknown: it may have arrived, and is sent again only by a resend',
    }),
    recipients: z.int(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'FailedDelivery', description: 'A report that did not reach recipients of a kind, or may not have' });
export type FailedDelivery = z.output<typeof FailedDelivery>;

export const BlockedRecipient = z
  .object({
    address: z.string(),
    reason: z.enum(['bounce', 'complaint']).meta({
      description: 'bounce: the receiving server refused it for good. complaint: the recipient marked a report as spam',
    }),
    detail: z.string().nullable().meta({ description: 'What the receiving server answered' }),
    blocked_at: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'BlockedRecipient', description: 'A mail address that gets no reports any more' });
export type BlockedRecipient = z.output<typeof BlockedRecipient>;

const common = {
  date: z.string().meta({ description: 'The last trading day that it covers' }),
  complete: z.boolean().meta({ description: 'false: its last day is not over yet' }),
  time_zone: z.string(),
  from: z.string(),
  to: z.string(),
  dashboard_url: z.string().nullable().meta({ description: 'The page that the report links to; null: none' }),
  failed_deliveries: z.array(FailedDelivery).meta({ description: 'Of the reports of the same number of days before' }),
  next_cursor: nextCursor,
  left_out: z.int().meta({ description: 'Bots that a mail has no room for; 0 in a response' }),
  blocked_recipients: z.array(BlockedRecipient).meta({ description: 'As of now, the latest first; at most 20' }),
};

export const DailyReport = z
  .object({ kind: z.literal('daily'), ...common, bots: z.array(DailySection) })
  .meta({ id: 'DailyReport' });
export type DailyReport = z.output<typeof DailyReport>;

export const WeeklyReview = z
  .object({ kind: z.literal('weekly'), ...common, bots: z.array(WeeklySection) })
  .meta({ id: 'WeeklyReview' });
export type WeeklyReview = z.output<typeof WeeklyReview>;

/** The figures of a report. HTML and text only show them and compute none. */
export type Report = DailyReport | WeeklyReview;

export const getReport = operation({
  id: 'getReport',
  method: 'GET',
  path: '/report',
  capability: 'report',
  summary: 'Get a report as it would be mailed for a day',
  description:
    'By default the daily report of the last complete trading day, with a section for every bot, a page of bots at a time. The weekly review covers the seven trading days up to the date.',
  input: {
    query: z.strictObject({
      bot_id: botId.unwrap().optional().meta({ description: 'Only this bot' }),
      limit: wholeNumber({ from: 1, to: 100 }).default(50).meta({ description: 'Most bots' }),
      cursor: cursor(z.tuple([z.string()])).optional(),
      date: day.optional(),
      kind: z.enum(['daily', 'weekly']).default('daily').meta({ description: 'One day, or the seven days up to it' }),
      detail: z
        .enum(['brief', 'full'])
        .default('brief')
        .meta({ description: 'One screen, as in a mail; or everything, as attached to it' }),
      format: z
        .enum(['html', 'text', 'json'])
        .default('html')
        .meta({ description: 'A page, plain text, or the figures' }),
    }),
  },
  answers: {
    200: {
      description: 'The report',
      schema: z.union([DailyReport, WeeklyReview]),
      mediaTypes: ['text/html', 'text/plain', 'application/json'],
    },
  },
});

export const unblockRecipient = operation({
  id: 'unblockRecipient',
  method: 'POST',
  path: '/blocked-recipients/unblock',
  capability: 'report',
  summary: 'Mail reports to an address again that bounced or complained',
  description:
    'For an address that works again, or that gets no reports any more: then the report stops mentioning it. Repeating it changes nothing.',
  input: { body: z.strictObject({ address: z.email('must be an email address') }) },
  answers: {
    200: {
      description: 'Whether it was blocked',
      schema: z.object({ address: z.string(), unblocked: z.boolean() }),
    },
  },
});

export const reportOperations = [getReport, groupTrades, unblockRecipient];
