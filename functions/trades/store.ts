import * as z from 'zod';
import { inHalves } from '../contract/batch.ts';
import { document } from '../contract/fields.ts';
import { integer, number, rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { FillCorrection, Trade } from './contract.ts';

const Outcome = z.object({
  status: z.enum(['accepted', 'updated', 'duplicate', 'conflict']),
  /** How many fills; a conflict is told for each. */
  fills: z.int(),
  index: z.int().nullable(),
  reason: z.string().nullable(),
});
const OutcomeRow = z.object({ outcome: Outcome });

/** Stores fills, matches what they touch, and says what became of them: in one column, since an answer describes each at length. */
export async function recordFills(
  database: Database,
  fills: readonly object[],
): Promise<readonly z.output<typeof Outcome>[]> {
  const rows = await inHalves(fills, (some) =>
    database.many(
      OutcomeRow,
      sql`SELECT jsonb_build_object('status', status, 'fills', count(*), 'index', min(index) FILTER (WHERE status = 'conflict'), 'reason', reason) AS outcome
          FROM jsonb_to_recordset(record_fills(${JSON.stringify(some)}::jsonb)) AS outcome (index integer, status text, reason text)
          GROUP BY status, reason, CASE WHEN status = 'conflict' THEN index END`,
    ),
  );
  return rows.map(({ outcome }) => outcome);
}

const Quoted = z.object({ symbol: z.string(), quote_usd: z.string().nullable() });

/** In what a fill is quoted, or null when there is none. */
export function quoted(database: Database, botId: string, fillId: string): Promise<z.output<typeof Quoted> | null> {
  return database.maybeOne(
    Quoted,
    sql`SELECT symbol, quote_usd::text AS quote_usd FROM fills WHERE bot_id = ${botId} AND fill_id = ${fillId}`,
  );
}

const Corrected = z.object({ changed: z.boolean(), correction_id: z.int().nullable() });

/** Corrects a fill, matches again and marks days. */
export async function correctFill(database: Database, correction: object): Promise<z.output<typeof Corrected>> {
  const { corrected } = await database.one(
    z.object({ corrected: Corrected }),
    sql`SELECT correct_fill(${JSON.stringify(correction)}::jsonb) AS corrected`,
  );
  return corrected;
}

export interface CorrectionFilter {
  readonly bot_id: string;
  readonly fill_id?: string | undefined;
  readonly cursor?: readonly [correctionId: number] | undefined;
}

export function corrections(database: Database, filter: CorrectionFilter, limit: number): Promise<FillCorrection[]> {
  return database.many(
    FillCorrection,
    sql`SELECT correction_id, bot_id, fill_id, reason, corrected_at, before, after
        FROM fill_corrections
        WHERE bot_id = ${filter.bot_id}
          ${filter.fill_id === undefined ? sql`` : sql`AND fill_id = ${filter.fill_id}`}
          ${filter.cursor === undefined ? sql`` : sql`AND correction_id < ${filter.cursor[0]}`}
        ORDER BY correction_id DESC
        LIMIT ${limit}`,
  );
}

const TradeRow = rowOf(Trade.extend({ part: z.int() }));
export type TradeRow = z.output<typeof TradeRow>;

export interface TradeFilter {
  readonly bot_id: string;
  readonly snapshot_id?: string | undefined;
  readonly symbol?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: readonly [closedAt: string, orderId: string, part: number] | undefined;
}

export function trades(database: Database, filter: TradeFilter, limit: number): Promise<TradeRow[]> {
  const [closedAt, orderId, part] = filter.cursor ?? ['infinity', '', 0];
  return database.many(
    TradeRow,
    sql`SELECT t.bot_id, t.order_id, t.part, t.symbol, t.opened_at, t.closed_at, t.size, t.cost_basis_usd, t.net_proceeds_usd, t.pnl_usd,
          t.hold_seconds, t.entry_snapshot_id, t.exit_snapshot_id, t.attribution, l.trigger_type, l.exit_reason
        FROM trades t
        LEFT JOIN trade_strategy_link l ON l.bot_id = t.bot_id AND l.order_id = t.order_id
        WHERE t.bot_id = ${filter.bot_id}
          AND (t.closed_at, t.order_id, t.part) < (${closedAt}::timestamptz, ${orderId}, ${part})
          ${filter.snapshot_id === undefined ? sql`` : sql`AND t.entry_snapshot_id = ${filter.snapshot_id}::uuid`}
          ${filter.symbol === undefined ? sql`` : sql`AND t.symbol = ${filter.symbol}`}
          ${filter.from === undefined ? sql`` : sql`AND t.closed_at >= ${filter.from}::timestamptz`}
          ${filter.to === undefined ? sql`` : sql`AND t.closed_at < ${filter.to}::timestamptz`}
        ORDER BY t.closed_at DESC, t.order_id DESC, t.part DESC
        LIMIT ${limit}`,
  );
}

const counts = { orders: z.int(), linked: z.int(), by_time: z.int(), none: z.int(), manual: z.int() };
const CoverageRow = z.object({
  ...counts,
  link_rate: number.nullable(),
  sources: z.array(z.object({ source: z.string().nullable(), ...counts })),
  links_without_fills: z.int(),
  fills_without_fee: z.int(),
});
export type CoverageRow = z.output<typeof CoverageRow>;

/** Attribution of the orders that were filled in [from, to). */
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
            AND EXISTS (SELECT FROM fills f
                        WHERE f.bot_id = o.bot_id AND f.order_id = o.order_id
                          AND f.filled_at >= ${from}::timestamptz AND f.filled_at < ${to}::timestamptz)
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
           JOIN fills f ON f.bot_id = ${botId} AND f.order_id = filled.order_id
           WHERE f.fee_usd IS NULL) AS fills_without_fee
        FROM total`,
  );
}

const StatedRow = z.object({
  snapshot_id: z.string(),
  tracked_hash: z.string(),
  config_hash: z.string().nullable(),
  settings: document.nullable(),
  orders: integer,
});
export type StatedRow = z.output<typeof StatedRow>;

/** So many statements are looked at: the most frequent of a window. */
const MOST_STATEMENTS = 10;

/** What the bot said that it traded with, by orders filled in [from, to): another configuration than the snapshot's, or settings. */
export function statedSettings(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<StatedRow[]> {
  return database.many(
    StatedRow,
    sql`SELECT l.snapshot_id, s.config_hash AS tracked_hash, l.config_hash, l.settings, count(*) AS orders
        FROM orders o
        JOIN trade_strategy_link l ON l.bot_id = o.bot_id AND l.order_id = o.order_id
        JOIN strategy_snapshots s ON s.snapshot_id = l.snapshot_id
        WHERE o.bot_id = ${botId} AND o.last_filled_at >= ${from}::timestamptz AND o.first_filled_at < ${to}::timestamptz
          AND (l.settings IS NOT NULL OR l.config_hash <> s.config_hash)
        GROUP BY l.snapshot_id, s.config_hash, l.config_hash, l.settings
        ORDER BY orders DESC
        LIMIT ${MOST_STATEMENTS}`,
  );
}
