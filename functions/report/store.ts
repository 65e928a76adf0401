import * as z from 'zod';
import { integer, number } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

const Calendar = z.object({ time_zone: z.string(), begins_at: z.string(), ends_at: z.string() });

/** When a trading day begins and ends. */
export function calendarOf(database: Database, date: string): Promise<z.output<typeof Calendar>> {
  return database.one(
    Calendar,
    sql`SELECT trading_time_zone() AS time_zone, day_start(${date}::date) AS begins_at, day_start(${date}::date + 1) AS ends_at`,
  );
}

const Bot = z.object({ bot_id: z.string() });

export async function botsKnownBy(database: Database, instant: string): Promise<string[]> {
  const bots = await database.many(
    Bot,
    sql`SELECT bot_id
        FROM bots
        WHERE created_at < ${instant}::timestamptz
          OR EXISTS (SELECT FROM strategy_snapshots s WHERE s.bot_id = bots.bot_id AND s.active_from < ${instant}::timestamptz)
          OR EXISTS (SELECT FROM orders o WHERE o.bot_id = bots.bot_id AND o.last_filled_at < ${instant}::timestamptz)
        ORDER BY bot_id`,
  );
  return bots.map(({ bot_id }) => bot_id);
}

const Day = z.object({
  total_trades: z.int(),
  winning_trades: z.int(),
  losing_trades: z.int(),
  breakeven_trades: z.int(),
  total_pnl_usd: number,
  win_rate: number.nullable(),
  profit_factor: number.nullable(),
  expectancy_usd: number.nullable(),
  fast_exits_count: z.int(),
  unmatched_sells: z.int(),
});
export type Day = z.output<typeof Day>;

/** What all strategies of a bot earned on one trading day, pooled from their summary rows. */
export function dayOf(database: Database, botId: string, date: string): Promise<Day> {
  return database.one(
    Day,
    sql`WITH day AS (
          SELECT coalesce(sum(total_trades), 0)::integer AS total_trades, coalesce(sum(winning_trades), 0)::integer AS winning_trades,
            coalesce(sum(losing_trades), 0)::integer AS losing_trades, coalesce(sum(breakeven_trades), 0)::integer AS breakeven_trades,
            coalesce(sum(gross_profit_usd), 0) AS profit, coalesce(sum(gross_loss_usd), 0) AS loss,
            coalesce(sum(fast_exits_count), 0)::integer AS fast_exits_count, coalesce(sum(unmatched_sells), 0)::integer AS unmatched_sells
          FROM strategy_performance_summary
          WHERE bot_id = ${botId} AND date = ${date}::date
        )
        SELECT total_trades, winning_trades, losing_trades, breakeven_trades, profit - loss AS total_pnl_usd,
          winning_trades * 100.0 / nullif(total_trades, 0) AS win_rate, profit / nullif(loss, 0) AS profit_factor,
          (profit - loss) / nullif(total_trades, 0) AS expectancy_usd, fast_exits_count, unmatched_sells
        FROM day`,
  );
}

const Outside = z.object({
  manual_trades: z.int(),
  manual_pnl_usd: number,
  unattributed_trades: z.int(),
  unattributed_pnl_usd: number,
});
export type Outside = z.output<typeof Outside>;

/** Trades closed in [from, to) that are in no strategy's numbers: made by hand, or entered before the first snapshot. */
export function tradesOutside(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<Outside> {
  return database.one(
    Outside,
    sql`SELECT
          count(*) FILTER (WHERE attribution = 'manual')::integer AS manual_trades,
          coalesce(sum(pnl_usd) FILTER (WHERE attribution = 'manual'), 0) AS manual_pnl_usd,
          count(*) FILTER (WHERE attribution = 'none')::integer AS unattributed_trades,
          coalesce(sum(pnl_usd) FILTER (WHERE attribution = 'none'), 0) AS unattributed_pnl_usd
        FROM trades
        WHERE bot_id = ${botId} AND closed_at >= ${from}::timestamptz AND closed_at < ${to}::timestamptz
          AND attribution IN ('manual', 'none')`,
  );
}

/** Whether the caller may mail this report to this recipient: nobody else has. */
export async function claim(
  database: Database,
  mail: { kind: string; date: string; recipient: string },
): Promise<boolean> {
  const row = await database.one(
    z.object({ claimed: z.boolean() }),
    sql`SELECT claim_report(${mail.kind}, ${mail.date}::date, ${mail.recipient}) AS claimed`,
  );
  return row.claimed;
}

export async function settle(
  database: Database,
  mail: { kind: string; date: string; recipient: string },
  result: { status: 'sent' | 'refused' | 'unknown'; message_id: string | null; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ settled: z.unknown() }),
    sql`SELECT settle_report(${mail.kind}, ${mail.date}::date, ${mail.recipient}, ${result.status}, ${result.message_id}, ${result.error})::text AS settled`,
  );
}

/** Recipients to whom a report is not known to have been sent. */
export async function unsent(database: Database, kind: string, date: string): Promise<string[]> {
  const rows = await database.many(
    z.object({ recipient: z.string() }),
    sql`SELECT recipient
        FROM report_deliveries
        WHERE kind = ${kind} AND date = ${date}::date AND status <> 'sent'
        ORDER BY recipient`,
  );
  return rows.map(({ recipient }) => recipient);
}

const MailedVerdict = z.object({
  date: z.string(),
  ends_at: z.string(),
  verdict: z.string(),
  baseline_snapshot_id: integer,
  candidate_snapshot_id: integer,
  decided_on: z.string().nullable(),
});

/** The latest verdict on a pair that was mailed for a day before this one. */
export function lastMailedVerdict(
  database: Database,
  botId: string,
  before: string,
): Promise<z.output<typeof MailedVerdict> | null> {
  return database.maybeOne(
    MailedVerdict,
    sql`SELECT date, day_start(date + 1) AS ends_at, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on
        FROM mailed_verdicts
        WHERE bot_id = ${botId} AND date < ${before}::date AND baseline_snapshot_id IS NOT NULL
        ORDER BY date DESC
        LIMIT 1`,
  );
}

/** Keeps what a report says, as an audit. */
export async function recordMailedVerdicts(
  database: Database,
  { kind, date }: { kind: string; date: string },
  verdicts: readonly object[],
): Promise<void> {
  await database.one(
    z.object({ recorded: z.unknown() }),
    sql`SELECT record_mailed_verdicts(${kind}, ${date}::date, ${JSON.stringify(verdicts)}::jsonb)::text AS recorded`,
  );
}
