import * as z from 'zod';
import { rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { Bot, type BotSettings, Outbox } from './contract.ts';

const State = z.object({
  time_zone: z.string(),
  last_summarised_day: z.string().nullable(),
  marked_rows: z.int(),
  pending_matches: z.int(),
  failed_mails: z.int(),
  failed_messages: z.int(),
});

export function state(database: Database): Promise<z.output<typeof State>> {
  return database.one(
    State,
    sql`SELECT time_zone,
          (SELECT max(least(to_date, trading_day(started_at) - 1)) FROM summary_runs WHERE outcome = 'succeeded' AND trigger <> 'request') AS last_summarised_day,
          (SELECT count(*)::integer FROM marked_days) AS marked_rows,
          (SELECT count(*)::integer FROM books WHERE pending_from IS NOT NULL) AS pending_matches,
          failed.mails AS failed_mails, failed.messages AS failed_messages
        FROM trading_calendar
        CROSS JOIN (
          SELECT count(*) FILTER (WHERE channel = 'mail')::integer AS mails, count(*) FILTER (WHERE channel <> 'mail')::integer AS messages
          FROM failed_deliveries
          WHERE (kind, list_id, date) IN (SELECT kind, list_id, max(date) FROM report_deliveries GROUP BY kind, list_id)
            AND (list_id = '' OR list_id IN (SELECT list_id FROM report_recipients))) AS failed`,
  );
}

const BotRow = rowOf(Bot);

/** Bots after one, all or `among` some, by name, as they stand at an instant. */
export function bots(
  database: Database,
  { after, among, at }: { after: string; among: readonly string[] | null; at: string },
  limit: number,
): Promise<Bot[]> {
  return database.many(
    BotRow,
    sql`SELECT bot.bot_id, s.snapshot_id, s.active_from, s.notes,
          (SELECT max(last_filled_at) FROM books WHERE books.bot_id = bot.bot_id) AS last_filled_at,
          (SELECT max(date) FROM strategy_performance_summary row WHERE row.bot_id = bot.bot_id) AS last_summarised_day,
          coalesce(open.positions, 0) AS open_positions, coalesce(open.cost_usd, 0) AS open_cost_usd,
          coalesce(open.unrealised_pnl_usd, 0) AS unrealised_pnl_usd,
          (SELECT link_rate(count(*) FILTER (WHERE attribution = 'link'), count(*) FILTER (WHERE attribution <> 'manual'))
           FROM orders o
           WHERE o.bot_id = bot.bot_id AND o.last_filled_at >= (trading_day(${at}::timestamptz) - 1)::timestamp AT TIME ZONE calendar.time_zone
             AND o.last_filled_at < trading_day(${at}::timestamptz)::timestamp AT TIME ZONE calendar.time_zone) AS link_rate,
          (SELECT experiment_id
           FROM experiments e
           WHERE bot.bot_id IN (e.bot_id, e.candidate_bot_id) AND e.starts_at <= ${at}::timestamptz AND e.ends_at > ${at}::timestamptz
           ORDER BY created_at DESC
           LIMIT 1) AS experiment_id,
          reconciled.at AS reconciled_at, reconciled.compared AS reconciled_trades, reconciled.agreed AS agreed_trades,
          outbox.waiting AS waiting_records, outbox.refused + outbox.turned_away + outbox.damaged AS lost_records, outbox.at AS outbox_at,
          to_jsonb(report.recipients) AS recipients, report.time_zone,
          CASE WHEN quiet_from IS NOT NULL THEN jsonb_build_object('from', left(quiet_from::text, 5), 'until', left(quiet_until::text, 5)) END AS quiet_hours
        FROM (
          SELECT bot_id
          FROM bots
          WHERE bot_id > ${after}
            ${among === null ? sql`` : sql`AND bot_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(among)}::jsonb))`}
          ORDER BY bot_id
          LIMIT ${limit}
        ) AS bot
        CROSS JOIN trading_calendar calendar
        LEFT JOIN LATERAL (
          SELECT snapshot_id, active_from, notes
          FROM strategy_snapshots
          WHERE strategy_snapshots.bot_id = bot.bot_id AND active_until IS NULL
          OFFSET 0
        ) AS s ON true
        LEFT JOIN LATERAL (
          SELECT count(*) FILTER (WHERE NOT dust) AS positions, sum(cost_usd) AS cost_usd, sum(unrealised_pnl_usd) AS unrealised_pnl_usd
          FROM open_positions
          WHERE open_positions.bot_id = bot.bot_id
        ) AS open ON true
        LEFT JOIN LATERAL (
          SELECT at, compared, agreed FROM reconciliations WHERE reconciliations.bot_id = bot.bot_id ORDER BY at DESC LIMIT 1
        ) AS reconciled ON true
        LEFT JOIN outboxes outbox ON outbox.bot_id = bot.bot_id
        LEFT JOIN report_recipients report ON report.bot_id = bot.bot_id
        ORDER BY bot.bot_id`,
  );
}

const OutboxRow = rowOf(Outbox);

/** Records a report about an outbox, and returns the latest one. */
export function reportOutbox(database: Database, report: Omit<Outbox, 'at'> & { at: string }): Promise<Outbox> {
  return database.one(
    OutboxRow,
    sql`SELECT bot_id, waiting, refused, turned_away, damaged, last_refusal, at FROM report_outbox(${JSON.stringify(report)}::jsonb)`,
  );
}

/** The latest report about the outbox of a bot. */
export function outbox(database: Database, botId: string): Promise<Outbox | null> {
  return database.maybeOne(
    OutboxRow,
    sql`SELECT bot_id, waiting, refused, turned_away, damaged, last_refusal, at FROM outboxes WHERE bot_id = ${botId}`,
  );
}

/** Sets who gets the reports of a bot, and when. @throws NotFound, Conflict */
export async function setBot(database: Database, bot: { readonly bot_id: string } & BotSettings): Promise<void> {
  await database.one(z.object({ set: z.unknown() }), sql`SELECT set_bot(${JSON.stringify(bot)}::jsonb)::text AS set`);
}
