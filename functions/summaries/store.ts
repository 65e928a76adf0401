import * as z from 'zod';
import { TEST_BOTS } from '../contract/fields.ts';
import { integer, rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql, statement } from '../database/sql.ts';
import { DailyPnl, Summary } from './contract.ts';

export type RunTrigger = 'schedule' | 'request' | 'report';
export type RunOutcome = 'succeeded' | 'unfinished' | 'failed';

/** The trading day of an instant. */
export async function tradingDay(database: Database, at: string): Promise<string> {
  return (await database.one(z.object({ day: z.string() }), sql`SELECT trading_day(${at}::timestamptz) AS day`)).day;
}

/** Starts a run over days, and returns its id. */
export async function beginRun(
  database: Database,
  run: { trigger: RunTrigger; from: string; to: string },
): Promise<number> {
  const { run_id } = await database.one(
    z.object({ run_id: z.int() }),
    sql`SELECT begin_summary_run(${run.trigger}, ${run.from}::date, ${run.to}::date) AS run_id`,
  );
  return run_id;
}

const BotId = z.object({ bot_id: z.string() });

/** The next bots by id. */
export async function botsAfter(database: Database, after: string, limit: number): Promise<string[]> {
  const rows = await database.many(
    BotId,
    sql`SELECT bot_id FROM bots WHERE bot_id > ${after} ORDER BY bot_id LIMIT ${limit}`,
  );
  return rows.map(({ bot_id }) => bot_id);
}

const Marked = z.object({
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
  is_pending: z.boolean(),
});

/** Marks what has to be recomputed of a bot: all rows from `from` on, or without it what is missing. Returns its first and last marked day, and
 *  whether fills wait to be matched; null when there is no such bot. */
export function markDays(
  database: Database,
  botId: string,
  { from, to }: { from: string | null; to: string },
): Promise<z.output<typeof Marked> | null> {
  return database.maybeOne(
    Marked,
    sql`SELECT first_day, last_day, is_pending FROM mark_days(${botId}, ${from}::date, ${to}::date)`,
  );
}

const Step = z.object({ rows: z.int(), next_from: z.string().nullable() });

/** Recomputes at most `limit` marked rows of a bot between two days; without `to`, only rows that already exist. `next_from` is the first
 *  day that is still marked. */
export function summariseStep(
  database: Database,
  botId: string,
  days: { from: string; to: string | null; limit: number },
): Promise<z.output<typeof Step>> {
  return database.one(
    Step,
    sql`SELECT rows, next_from FROM summarise_step(${botId}, ${days.from}::date, ${days.to}::date, ${days.limit}::integer)`,
  );
}

export async function finishRun(
  database: Database,
  runId: number,
  result: { rows: number; outcome: RunOutcome; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ finish_summary_run: z.unknown() }),
    sql`SELECT finish_summary_run(${runId}, ${result.rows}::integer, ${result.outcome}, ${result.error})::text AS finish_summary_run`,
  );
}

/** Counts bots of a night as done. Returns whether all of them are now. */
export async function finishBots(
  database: Database,
  runId: number,
  done: {
    bots: readonly string[];
    rows: number;
    first_day: string | null;
    /** How many bots the night has; null: not known here. */
    total: number | null;
    error: string | null;
  },
): Promise<boolean> {
  const { is_complete } = await database.one(
    z.object({ is_complete: z.boolean() }),
    sql`SELECT finish_bots(${runId}, ${JSON.stringify(done.bots)}::jsonb, ${done.rows}::integer, ${done.first_day}::date,
          ${done.total}::integer, ${done.error}) AS is_complete`,
  );
  return is_complete;
}

const SummaryRow = rowOf(Summary.extend({ active_from: z.string() }));

/** The fields of the contract that are columns of the table. */
const columns = statement(Object.keys(Summary.omit({ stale: true }).shape).join(', '));

export interface SummaryFilter {
  readonly bot_id: string;
  readonly snapshot_id?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: readonly [date: string, activeFrom: string] | undefined;
}

export function summaries(
  database: Database,
  filter: SummaryFilter,
  limit: number,
): Promise<z.output<typeof SummaryRow>[]> {
  const [date, activeFrom] = filter.cursor ?? ['infinity', 'infinity'];
  return database.many(
    SummaryRow,
    sql`SELECT row.*, s.active_from, EXISTS (SELECT FROM marked_days m WHERE m.snapshot_id = row.snapshot_id AND m.date = row.date) AS stale
        FROM (
          SELECT ${columns}
          FROM strategy_performance_summary
          WHERE bot_id = ${filter.bot_id} AND date <= ${date}::date
            ${filter.snapshot_id === undefined ? sql`` : sql`AND snapshot_id = ${filter.snapshot_id}::uuid`}
            ${filter.from === undefined ? sql`` : sql`AND date >= ${filter.from}::date`}
            ${filter.to === undefined ? sql`` : sql`AND date <= ${filter.to}::date`}
        ) AS row
        JOIN strategy_snapshots s ON s.snapshot_id = row.snapshot_id
        WHERE (row.date, s.active_from) < (${date}::date, ${activeFrom}::timestamptz)
        ORDER BY row.date DESC, s.active_from DESC
        LIMIT ${limit}`,
  );
}

/** The last trading day with a summary; null when there is none. */
export async function lastSummarisedDay(database: Database, botId: string): Promise<string | null> {
  const { day } = await database.one(
    z.object({ day: z.string().nullable() }),
    sql`SELECT max(date) AS day FROM strategy_performance_summary WHERE bot_id = ${botId}`,
  );
  return day;
}

const DailyPnlRow = rowOf(DailyPnl);

/** The P&L of each day and snapshot between two days, oldest first. The peak of the equity curve includes highs within a day. */
export function dailyPnl(
  database: Database,
  botId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<z.output<typeof DailyPnlRow>[]> {
  return database.many(
    DailyPnlRow,
    sql`SELECT date, snapshot_id, total_trades, winning_trades, losing_trades, total_pnl_usd, cumulative_pnl_usd,
          sum(total_pnl_usd) OVER (PARTITION BY snapshot_id ORDER BY date) AS snapshot_pnl_usd,
          greatest(0, max(cumulative_pnl_usd - total_pnl_usd + highest_pnl_usd) OVER in_time) - cumulative_pnl_usd AS drawdown_usd,
          EXISTS (SELECT FROM marked_days m WHERE m.snapshot_id = row.snapshot_id AND m.date = row.date) AS stale
        FROM (
          SELECT r.*, s.active_from, sum(r.total_pnl_usd) OVER (ORDER BY r.date, s.active_from) AS cumulative_pnl_usd
          FROM strategy_performance_summary r
          JOIN strategy_snapshots s USING (snapshot_id)
          WHERE r.bot_id = ${botId} AND r.date BETWEEN ${from}::date AND ${to}::date
        ) AS row
        WINDOW in_time AS (ORDER BY date, active_from)
        ORDER BY date, active_from`,
  );
}

const WatchedDay = z.object({ begins_at: z.string(), ends_at: z.string(), waiting_days: integer });

/** When a trading day begins and ends, and how many days of these bots up to it are missing or due for recomputation. */
export function watchedDay(
  database: Database,
  date: string,
  bots: readonly string[],
): Promise<z.output<typeof WatchedDay>> {
  return database.one(
    WatchedDay,
    sql`SELECT day_start(${date}::date) AS begins_at, day_start(${date}::date + 1) AS ends_at,
          (SELECT count(DISTINCT (m.bot_id, m.date))
           FROM jsonb_array_elements_text(${JSON.stringify(bots)}::jsonb) AS id
           JOIN marked_days m ON m.bot_id = id AND m.date <= ${date}::date) AS waiting_days`,
  );
}

const Activity = z.object({ bot_id: z.string(), silent: z.boolean() });

/** Those of these bots with a fill on a trading day or in the week before it. `silent`: no fill on the day, although a snapshot was active
 *  all day. A bot without fills for longer than a week is left out: it has been reported before. */
export function activity(
  database: Database,
  date: string,
  bots: readonly string[],
): Promise<z.output<typeof Activity>[]> {
  return database.many(
    Activity,
    sql`WITH day AS (
          SELECT day_start(${date}::date) AS begins, day_start(${date}::date + 1) AS ends, day_start(${date}::date - 7) AS week_before
        )
        SELECT id AS bot_id,
          NOT EXISTS (SELECT FROM orders o WHERE o.bot_id = id AND o.last_filled_at >= day.begins AND o.first_filled_at < day.ends)
            AND EXISTS (SELECT FROM strategy_snapshots s
                        WHERE s.bot_id = id AND s.active_from <= day.begins AND coalesce(s.active_until, 'infinity') >= day.ends) AS silent
        FROM day
        CROSS JOIN jsonb_array_elements_text(${JSON.stringify(bots)}::jsonb) AS id
        WHERE id NOT LIKE ${`${TEST_BOTS}%`}
          AND EXISTS (SELECT FROM orders o WHERE o.bot_id = id AND o.last_filled_at >= day.week_before AND o.first_filled_at < day.ends)
        ORDER BY id`,
  );
}

/** Those of these bots whose client reported records that are missing. */
export async function losing(database: Database, bots: readonly string[]): Promise<string[]> {
  const rows = await database.many(
    BotId,
    sql`SELECT o.bot_id
        FROM jsonb_array_elements_text(${JSON.stringify(bots)}::jsonb) AS id
        JOIN outboxes o ON o.bot_id = id
        WHERE refused + turned_away + damaged > 0 AND id NOT LIKE ${`${TEST_BOTS}%`}
        ORDER BY o.bot_id`,
  );
  return rows.map(({ bot_id }) => bot_id);
}
