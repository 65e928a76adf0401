import * as z from 'zod';
import { document } from '../../contract/fields.ts';
import { integer, rowOf } from '../../database/columns.ts';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import { Coverage, type Reconcile, Reconciliation } from './contract.ts';

const CoverageRow = rowOf(Coverage.omit({ bot_id: true, from: true, to: true, drift: true }));
export type CoverageRow = z.output<typeof CoverageRow>;

/** Attribution of the orders that were filled in [from, to). OFFSET 0 makes the planner look fills up order by order: it would search the
 *  whole table for those without a fee, which are rare. */
export function coverage(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<CoverageRow> {
  return database.one(
    CoverageRow,
    sql`WITH filled AS MATERIALIZED (
          SELECT order_id, source, attribution
          FROM orders o
          WHERE bot_id = ${botId} AND last_filled_at >= ${from}::timestamptz AND first_filled_at < ${to}::timestamptz
            AND (first_filled_at >= ${from}::timestamptz OR last_filled_at < ${to}::timestamptz
              OR EXISTS (SELECT FROM fills f
                         WHERE f.bot_id = o.bot_id AND f.order_id = o.order_id
                           AND f.filled_at >= ${from}::timestamptz AND f.filled_at < ${to}::timestamptz
                         OFFSET 0))
        ),
        by_source AS (
          SELECT source, count(*) AS orders,
            count(*) FILTER (WHERE attribution = 'link') AS linked, count(*) FILTER (WHERE attribution = 'time') AS by_time,
            count(*) FILTER (WHERE attribution = 'none') AS none, count(*) FILTER (WHERE attribution = 'manual') AS manual
          FROM filled
          GROUP BY source
        ),
        total AS (
          SELECT coalesce(sum(orders), 0)::integer AS orders, coalesce(sum(linked), 0)::integer AS linked, coalesce(sum(by_time), 0)::integer AS by_time,
            coalesce(sum(none), 0)::integer AS none, coalesce(sum(manual), 0)::integer AS manual,
            coalesce(jsonb_agg(to_jsonb(by_source) ORDER BY orders DESC, source), '[]') AS sources
          FROM by_source
        )
        SELECT total.*,
          link_rate(linked, linked + by_time + none) AS link_rate,
          (SELECT count(*)::integer
           FROM trade_strategy_link l
           WHERE l.bot_id = ${botId} AND l.created_at >= ${from}::timestamptz AND l.created_at < ${to}::timestamptz
             AND NOT EXISTS (SELECT FROM orders o WHERE o.bot_id = l.bot_id AND o.order_id = l.order_id)) AS links_without_fills,
          (SELECT count(*)::integer
           FROM filled
           CROSS JOIN LATERAL (
             SELECT FROM fills f WHERE f.bot_id = ${botId} AND f.order_id = filled.order_id AND f.fee_usd IS NULL OFFSET 0
           ) AS fill) AS fills_without_fee
        FROM total`,
  );
}

const ReportedRow = z.object({
  snapshot_id: z.string(),
  tracked_hash: z.string(),
  config_hash: z.string().nullable(),
  settings: document.nullable(),
  orders: integer,
});
export type ReportedRow = z.output<typeof ReportedRow>;

/** Most distinct reports of settings that are compared; the most frequent come first. */
const MOST_REPORTED = 10;

/** The settings, and the configuration hashes unlike the snapshot's, that the bot reported for orders filled in [from, to). */
export function reportedSettings(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<ReportedRow[]> {
  return database.many(
    ReportedRow,
    sql`SELECT l.snapshot_id, s.config_hash AS tracked_hash, l.config_hash, l.settings, count(*) AS orders
        FROM orders o
        JOIN trade_strategy_link l ON l.bot_id = o.bot_id AND l.order_id = o.order_id
        JOIN strategy_snapshots s ON s.snapshot_id = l.snapshot_id
        WHERE o.bot_id = ${botId} AND o.last_filled_at >= ${from}::timestamptz AND o.first_filled_at < ${to}::timestamptz
          AND (l.settings IS NOT NULL OR l.config_hash <> s.config_hash)
        GROUP BY l.snapshot_id, s.config_hash, l.config_hash, l.settings
        ORDER BY orders DESC
        LIMIT ${MOST_REPORTED}`,
  );
}

export function recordReconciliation(
  database: Database,
  request: Reconcile & { readonly at: string },
): Promise<Reconciliation> {
  return database.one(
    Reconciliation,
    sql`SELECT bot_id, source, compared, agreed, differences, at FROM record_reconciliation(${JSON.stringify(request)}::jsonb)`,
  );
}

export function reconciliations(database: Database, bot_id: string): Promise<Reconciliation[]> {
  return database.many(
    Reconciliation,
    sql`SELECT bot_id, source, compared, agreed, differences, at
        FROM reconciliations
        WHERE bot_id = ${bot_id}
        ORDER BY at DESC, source`,
  );
}
