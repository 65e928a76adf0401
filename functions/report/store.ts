import * as z from 'zod';
import { TEST_BOTS } from '../contract/fields.ts';
import { integer, number, rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { type Sql, sql } from '../database/sql.ts';
import { BlockedRecipient, ExcludedButBought, FailedDelivery, OpenPosition, Outside, Performance } from './contract.ts';

/** A range of trading days, both included, and the instants [from, to) that it covers. */
export interface Window {
  readonly from: string;
  readonly to: string;
  readonly first: string;
  readonly last: string;
}

const Calendar = z.object({ time_zone: z.string(), from: z.string(), to: z.string() });

/** The instants at which a range of trading days begins and ends. */
export function calendarOf(
  database: Database,
  { first, last }: { first: string; last: string },
): Promise<z.output<typeof Calendar>> {
  return database.one(
    Calendar,
    sql`SELECT trading_time_zone() AS time_zone, day_start(${first}::date) AS from, day_start(${last}::date + 1) AS to`,
  );
}

/** Whether a bot was known before an instant, and is no test bot. */
export const knownBy = (instant: Sql) => sql`bot_id NOT LIKE ${`${TEST_BOTS}%`}
  AND (created_at < ${instant}
    OR EXISTS (SELECT FROM strategy_snapshots s WHERE s.bot_id = bots.bot_id AND s.active_from < ${instant})
    OR EXISTS (SELECT FROM orders o WHERE o.bot_id = bots.bot_id AND o.last_filled_at < ${instant}))`;

const Bot = z.object({ bot_id: z.string() });

/** The bots known before an instant, in pages by id. */
export async function botsKnownBy(
  database: Database,
  instant: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const bots = await database.many(
    Bot,
    sql`SELECT bot_id FROM bots WHERE bot_id > ${after} AND ${knownBy(sql`${instant}::timestamptz`)} ORDER BY bot_id LIMIT ${limit}`,
  );
  return bots.map(({ bot_id }) => bot_id);
}

/** Whether a bot is in the mails of a list. */
const inList = (list: string) =>
  list === ''
    ? sql`AND NOT EXISTS (SELECT FROM report_recipients report WHERE report.bot_id = bots.bot_id)`
    : sql`AND bot_id IN (SELECT report.bot_id FROM report_recipients report WHERE report.list_id = ${list})`;

const BusyBot = Bot.extend({ known: integer });

/** At most `limit` of the bots of a list (empty: without recipients of their own; undefined: all) known by the end of a range of days, those with
 *  fills in it first, and how many are known. */
export async function busiestBots(
  database: Database,
  { from, to, list }: Pick<Window, 'from' | 'to'> & { list: string | undefined },
  limit: number,
): Promise<{ bots: string[]; known: number }> {
  const rows = await database.many(
    BusyBot,
    sql`SELECT bot_id, count(*) OVER () AS known
        FROM bots
        WHERE ${knownBy(sql`${to}::timestamptz`)} ${list === undefined ? sql`` : inList(list)}
        ORDER BY NOT EXISTS (SELECT FROM orders o
                             WHERE o.bot_id = bots.bot_id AND o.last_filled_at >= ${from}::timestamptz AND o.last_filled_at < ${to}::timestamptz), bot_id
        LIMIT ${limit}`,
  );
  return { bots: rows.map(({ bot_id }) => bot_id), known: rows[0]?.known ?? 0 };
}

const PerformanceRow = rowOf(Performance);

/** The performance of all strategies of a bot in a range of trading days, pooled from summary rows. */
export function performance(
  database: Database,
  botId: string,
  { first, last }: { first: string; last: string },
): Promise<Performance> {
  return database.one(
    PerformanceRow,
    sql`WITH pooled AS (
          SELECT count(DISTINCT date) AS calendar_days, coalesce(sum(total_trades), 0) AS total_trades, coalesce(sum(winning_trades), 0) AS winning_trades,
            coalesce(sum(losing_trades), 0) AS losing_trades, coalesce(sum(breakeven_trades), 0) AS breakeven_trades,
            coalesce(sum(gross_profit_usd), 0) AS profit, coalesce(sum(gross_loss_usd), 0) AS loss,
            coalesce(sum(fast_exits_count), 0) AS fast_exits_count, coalesce(sum(fast_exits_pnl), 0) AS fast_exits_pnl,
            coalesce(sum(unmatched_sells), 0) AS unmatched_sells
          FROM strategy_performance_summary
          WHERE bot_id = ${botId} AND date BETWEEN ${first}::date AND ${last}::date
        )
        SELECT ${first}::date AS from, ${last}::date AS to, calendar_days, total_trades, winning_trades, losing_trades, breakeven_trades,
          profit - loss AS total_pnl_usd, pnl_per_day_usd(profit - loss, calendar_days) AS pnl_per_day_usd,
          win_rate(winning_trades, total_trades) AS win_rate,
          profit_factor(profit, loss) AS profit_factor, expectancy_usd(profit - loss, total_trades) AS expectancy_usd,
          fast_exits_count, fast_exits_pnl, fast_exit_rate(fast_exits_count, total_trades) AS fast_exit_rate, unmatched_sells
        FROM pooled`,
  );
}

const DayRow = z.object({ date: z.string(), total_trades: integer, total_pnl_usd: number });

/** P&L and trades of a bot by trading day. Days without a summary are left out. */
export function days(
  database: Database,
  botId: string,
  { first, last }: { first: string; last: string },
): Promise<z.output<typeof DayRow>[]> {
  return database.many(
    DayRow,
    sql`SELECT date, sum(total_trades) AS total_trades, sum(total_pnl_usd) AS total_pnl_usd
        FROM strategy_performance_summary
        WHERE bot_id = ${botId} AND date BETWEEN ${first}::date AND ${last}::date
        GROUP BY date
        ORDER BY date`,
  );
}

const Point = z.object({ snapshot_id: z.string(), day: integer, date: z.string(), pnl_usd: number });

/** The equity curves of snapshots, by calendar day since the first day of each. */
export function curves(
  database: Database,
  snapshotIds: readonly string[],
  through: string,
): Promise<z.output<typeof Point>[]> {
  return database.many(
    Point,
    sql`SELECT snapshot_id, date - min(date) OVER days + 1 AS day, date, sum(total_pnl_usd) OVER days AS pnl_usd
        FROM strategy_performance_summary
        WHERE snapshot_id = ANY (string_to_array(${snapshotIds.join(',')}, ',')::uuid[]) AND date <= ${through}::date
        WINDOW days AS (PARTITION BY snapshot_id ORDER BY date)
        ORDER BY snapshot_id, date`,
  );
}

const OutsideRow = rowOf(Outside);

/** Trades closed in the window that belong to no strategy: made by hand, or entered before the first snapshot; and the unmatched sells
 *  among them. */
export function tradesOutside(
  database: Database,
  botId: string,
  { from, to }: Pick<Window, 'from' | 'to'>,
): Promise<Outside> {
  return database.one(
    OutsideRow,
    sql`SELECT
          count(*) FILTER (WHERE attribution = 'manual') AS manual_trades,
          coalesce(sum(pnl_usd) FILTER (WHERE attribution = 'manual'), 0) AS manual_pnl_usd,
          count(*) FILTER (WHERE attribution = 'none') AS unattributed_trades,
          coalesce(sum(pnl_usd) FILTER (WHERE attribution = 'none'), 0) AS unattributed_pnl_usd,
          (SELECT count(*) FROM orders o
           WHERE o.bot_id = ${botId} AND o.last_filled_at >= ${from}::timestamptz AND o.last_filled_at < ${to}::timestamptz
             AND o.unmatched_size > 0 AND o.snapshot_id IS NULL) AS unmatched_sells
        FROM trades
        WHERE bot_id = ${botId} AND closed_at >= ${from}::timestamptz AND closed_at < ${to}::timestamptz
          AND attribution IN ('manual', 'none')`,
  );
}

/** Most symbols, or strategies with open positions, that are listed. */
const MOST_ROWS = 40;

const ExcludedRow = rowOf(ExcludedButBought);

/** Symbols bought in the window although the configuration active at that time excluded them. Sales do not count: they close earlier
 *  positions. */
export function excludedButBought(
  database: Database,
  botId: string,
  { from, to }: Window,
): Promise<z.output<typeof ExcludedRow>[]> {
  return database.many(
    ExcludedRow,
    sql`SELECT o.symbol, count(*) AS orders
        FROM strategy_snapshots s
        JOIN orders o ON o.bot_id = s.bot_id AND (o.symbol = ANY (s.excluded_symbols) OR lower(o.symbol) = ANY (s.excluded_symbols))
        WHERE s.bot_id = ${botId} AND o.attributed_at >= s.active_from AND o.attributed_at < coalesce(s.active_until, 'infinity')
          AND o.side = 'buy' AND o.attribution <> 'manual'
          AND o.last_filled_at >= ${from}::timestamptz AND o.first_filled_at < ${to}::timestamptz
        GROUP BY o.symbol
        ORDER BY orders DESC, o.symbol
        LIMIT ${MOST_ROWS}`,
  );
}

const OpenRow = rowOf(OpenPosition);

/** The open positions as of now, by the snapshot under which they were bought, most expensive first. */
export function openPositions(database: Database, botId: string): Promise<z.output<typeof OpenRow>[]> {
  return database.many(
    OpenRow,
    sql`SELECT p.entry_snapshot_id AS snapshot_id, s.notes, count(*) FILTER (WHERE NOT dust) AS open_positions, sum(cost_usd) AS open_cost_usd
        FROM open_positions p
        LEFT JOIN strategy_snapshots s ON s.snapshot_id = p.entry_snapshot_id
        WHERE p.bot_id = ${botId}
        GROUP BY p.entry_snapshot_id, s.notes
        ORDER BY open_cost_usd DESC
        LIMIT ${MOST_ROWS}`,
  );
}

const State = z.object({ computed_at: z.string().nullable(), waiting_days: integer });

/** When the window's days were last computed, and how many days up to its end are missing or due for recomputation. */
export function stateOf(
  database: Database,
  botId: string,
  { first, last }: { first: string; last: string },
): Promise<z.output<typeof State>> {
  return database.one(
    State,
    sql`SELECT
          (SELECT max(updated_at) FROM strategy_performance_summary WHERE bot_id = ${botId} AND date BETWEEN ${first}::date AND ${last}::date) AS computed_at,
          (SELECT count(DISTINCT date) FROM marked_days WHERE bot_id = ${botId} AND date <= ${last}::date) AS waiting_days`,
  );
}

/** Most kinds of failure that are listed. */
const MOST_FAILURES = 20;

const FailedRow = rowOf(FailedDelivery);

/** The reports of the window's days, each a day earlier, that did not reach a recipient of these lists (by default of all), or may not have. */
export function failedDeliveries(
  database: Database,
  { first, last }: { first: string; last: string },
  lists: readonly string[] | undefined,
): Promise<z.output<typeof FailedRow>[]> {
  return database.many(
    FailedRow,
    sql`SELECT kind, date, channel, status, count(*) AS recipients, min(error) AS reason
        FROM failed_deliveries
        WHERE date BETWEEN ${first}::date - 1 AND ${last}::date - 1
          ${lists === undefined ? sql`` : sql`AND list_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(lists)}::jsonb))`}
        GROUP BY kind, date, channel, status
        ORDER BY date DESC, kind, channel, status
        LIMIT ${MOST_FAILURES}`,
  );
}

/** Most blocked addresses that are listed. */
const MOST_BLOCKED = 20;

const BlockedRow = rowOf(BlockedRecipient);

/** Those of the addresses (by default of all) that get no reports, the latest first. */
export function blockedRecipients(
  database: Database,
  addresses: readonly string[] | undefined,
): Promise<z.output<typeof BlockedRow>[]> {
  return database.many(
    BlockedRow,
    sql`SELECT address, reason, detail, blocked_at
        FROM blocked_recipients
        WHERE unblocked_at IS NULL
          ${addresses === undefined ? sql`` : sql`AND address IN (SELECT lower(value) FROM jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb))`}
        ORDER BY blocked_at DESC, address
        LIMIT ${MOST_BLOCKED}`,
  );
}
