import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import { knownBy } from '../store.ts';
import type { DueRequest } from './list.ts';

const List = z.object({ list_id: z.string(), kind: z.null() });
const DueMailing = z.object({
  list_id: z.string(),
  kind: z.enum(['daily', 'weekly']),
  date: z.string(),
  due: z.string(),
});

/** A page of lists, each with the latest report of each kind that is due, where a recipient has no row of it: those that failed are left to
 *  the queue and to a resend. Nothing is due in quiet hours, after half a day, or from before the bots had recipients of their own, except by
 *  hand, for a day. `due` is when it was due, or since when its list is as it is. */
export async function dueMailings(
  database: Database,
  { at, hour, weekday, kind, date = '', resend }: DueRequest,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<{ mailings: readonly z.output<typeof DueMailing>[]; next: string | null }> {
  const rows = await database.many(
    z.union([List, DueMailing]),
    sql`WITH lists AS MATERIALIZED (
          SELECT list_id, recipients, coalesce(time_zone, trading_time_zone()) AS zone, quiet_from, quiet_until, array_agg(bot_id) AS bots,
            min(since) AS since, max(set_at) AS set_at
          FROM report_recipients
          WHERE list_id > ${after}
          GROUP BY list_id, recipients, time_zone, quiet_from, quiet_until
          ORDER BY list_id
          LIMIT ${limit}
        ), days AS (
          SELECT kind, date
          FROM (VALUES ('daily', 1), ('weekly', 7)) AS kinds (kind, every)
          CROSS JOIN LATERAL (
            SELECT trading_day(${at}::timestamptz) - back AS date FROM generate_series(1, every + 1) AS back WHERE ${date} = ''
            UNION ALL
            SELECT nullif(${date}, '')::date WHERE ${date} <> '') AS day
          WHERE ${kind ?? ''} IN ('', kind) AND (kind = 'daily' OR trim(to_char(date + 1, 'day')) = ${weekday})
        ), latest AS (
          SELECT DISTINCT ON (list_id, kind) lists.*, kind, date, due
          FROM lists
          CROSS JOIN days
          CROSS JOIN LATERAL (SELECT report_due(date, ${hour}::integer, zone, quiet_from, quiet_until) AS due) AS report
          WHERE due <= ${at}::timestamptz
          ORDER BY list_id, kind, date DESC
        ), unserved AS (
          SELECT kind, list_id, date, greatest(due, set_at) AS due
          FROM latest
          WHERE (${date} <> '' OR (due > since AND due > ${at}::timestamptz - interval '12 hours'
              AND NOT is_quiet((${at}::timestamptz AT TIME ZONE zone)::time, quiet_from, quiet_until)))
            AND EXISTS (SELECT FROM bots WHERE bot_id = ANY (latest.bots) AND ${knownBy(sql`day_start(latest.date + 1)`)})
            AND EXISTS (
              SELECT FROM unnest(recipients) AS recipient
              WHERE NOT EXISTS (
                  SELECT FROM report_deliveries d
                  WHERE d.kind = latest.kind AND d.date = latest.date AND d.recipient = recipient.recipient
                    AND (d.list_id = latest.list_id OR d.bots && latest.bots) AND (d.status = 'sent' OR NOT ${resend}))
                AND NOT EXISTS (SELECT FROM blocked_recipients b WHERE b.address = recipient.recipient AND b.unblocked_at IS NULL))
        )
        SELECT list_id, kind, date, due
        FROM lists
        LEFT JOIN unserved USING (list_id)
        ORDER BY list_id, kind`,
  );
  const lists = new Set(rows.map(({ list_id }) => list_id));
  return {
    mailings: rows.filter((row) => row.kind !== null),
    next: lists.size === limit ? ([...lists].at(-1) ?? null) : null,
  };
}

const Recipients = z.object({ list_id: z.string(), recipients: z.array(z.string()) });

/** The recipients of a list; none when no bot has it any more. */
export async function recipientsOf(database: Database, listId: string): Promise<readonly string[]> {
  const list = await database.maybeOne(
    Recipients,
    sql`SELECT list_id, to_jsonb(recipients) AS recipients FROM report_recipients WHERE list_id = ${listId} LIMIT 1`,
  );
  return list?.recipients ?? [];
}

/** The lists of bots that have recipients of their own. */
export function listsOfBots(database: Database, bots: readonly string[]): Promise<z.output<typeof Recipients>[]> {
  return database.many(
    Recipients,
    sql`SELECT DISTINCT list_id, to_jsonb(recipients) AS recipients
        FROM report_recipients
        WHERE bot_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(bots)}::jsonb))`,
  );
}

/** Whether some bots have recipients of their own. */
export async function haveOwnRecipients(database: Database): Promise<boolean> {
  const row = z.object({ have: z.boolean() });
  return (await database.one(row, sql`SELECT EXISTS (SELECT FROM report_recipients) AS have`)).have;
}
