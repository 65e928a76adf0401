import * as z from 'zod';
import { rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { changeJson, type RequestedFill, requestJson } from './change-json.ts';
import { FillCorrection, Position, Trade, TradeFill, TradeOrder } from './contract.ts';
import type { MatchingChange, NewFills } from './matching/plan.ts';

const StateRow = z.object({ kind: z.string(), value: z.unknown() });

/** Reads the matching state of a bot for these fills, as rows by kind: see matching_state. Without fills, reads its pending books. */
export function matchingState(
  database: Database,
  botId: string,
  fills: readonly RequestedFill[],
  limit: number,
): Promise<{ kind: string; value?: unknown }[]> {
  return database.many(
    StateRow,
    sql`SELECT kind, value FROM matching_state(${botId}, ${requestJson(fills)}::jsonb, ${limit}::integer)`,
  );
}

const Page = z.object({ value: z.unknown() });

/** Largest page in bytes. The Data API returns at most 1 MB. */
const PAGE_BYTES = 700_000;

/** A fill in its book. `at` may be null when the fill is stored. */
export interface PlaceInBook {
  readonly at: string | null;
  readonly fill_id: string;
  readonly inclusive: boolean;
}

/** Reads a page of the fills of a book from or after a given one and before `until`, in order; empty after the last page. */
export function legsAfter(
  database: Database,
  { bot_id, book_id }: { bot_id: string; book_id: number },
  { at, fill_id, inclusive, until, most }: PlaceInBook & { until: string | null; most: number },
): Promise<{ value?: unknown }[]> {
  const stored = sql`(SELECT filled_at FROM fills WHERE fill_id = ${fill_id} AND bot_id = ${bot_id})`;
  const from = sql`(coalesce(${at}::timestamptz, ${stored}), ${fill_id})`;
  return database.many(
    Page,
    sql`SELECT value
        FROM (
          SELECT value, sum(octet_length(value::text)) OVER (ORDER BY chunk ROWS UNBOUNDED PRECEDING) AS bytes
          FROM (
            SELECT (place - 1) / 25 AS chunk, json_agg(leg ORDER BY place) AS value
            FROM (
              SELECT leg_of(f) AS leg, row_number() OVER (ORDER BY filled_at, fill_id) AS place
              FROM fills f
              WHERE book_id = ${book_id} AND (filled_at, fill_id) ${inclusive ? sql`>=` : sql`>`} ${from}
                AND filled_at < coalesce(${until}::timestamptz, 'infinity')
              ORDER BY filled_at, fill_id
              LIMIT ${most}
            ) AS legs
            GROUP BY chunk
          ) AS chunks
        ) AS page
        WHERE bytes <= ${PAGE_BYTES}`,
  );
}

const MatchesPage = Page.extend({ place: z.int(), more: z.boolean() });

/** Reads a page of what orders have closed, after a place in the list that order_matches makes of them. */
export function orderMatches(
  database: Database,
  botId: string,
  orders: readonly string[],
  after: number,
): Promise<z.output<typeof MatchesPage>[]> {
  return database.many(
    MatchesPage,
    sql`SELECT place, value, max(last) OVER () > max(place) OVER () AS more
        FROM (
          SELECT place, matches AS value, max(place) OVER () AS last, sum(octet_length(matches::text)) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS bytes
          FROM order_matches(${botId}, ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(orders)}::jsonb)))
          WHERE place > ${after}
        ) AS page
        WHERE bytes <= ${PAGE_BYTES}
        ORDER BY place`,
  );
}

const Allocation = z.object({
  size: z.string(),
  closed_at: z.string(),
  opened_at: z.string(),
  closing_fee_usd: z.string(),
  closing_fill_id: z.string(),
  opening_fee_usd: z.string(),
  opening_fill_id: z.string(),
  opening_order_id: z.string(),
  closing_order_id: z.string(),
  cost_basis_usd: z.string(),
  net_proceeds_usd: z.string(),
});
export type Allocation = z.output<typeof Allocation>;

/** Reads a page of the allocations of closing orders; decimals as text. */
export function allocations(
  database: Database,
  botId: string,
  orders: readonly string[],
  { offset, limit }: { offset: number; limit: number },
): Promise<Allocation[]> {
  return database.many(
    Allocation,
    sql`SELECT o.order_id AS closing_order_id, closing_fill_id, opening_fill_id, opening_order_id, utc_text(opened_at) AS opened_at,
          utc_text(closed_at) AS closed_at, size::text, opening_fee_usd::text, closing_fee_usd::text, trim_scale(cost_basis_usd)::text AS cost_basis_usd, trim_scale(net_proceeds_usd)::text AS net_proceeds_usd
        FROM jsonb_array_elements_text(${JSON.stringify(orders)}::jsonb) WITH ORDINALITY AS id (order_id, n)
        CROSS JOIN LATERAL (SELECT order_id, allocations FROM orders WHERE order_id = id.order_id AND bot_id = ${botId} OFFSET 0) AS o
        CROSS JOIN LATERAL allocations_of(${botId}, o.allocations) WITH ORDINALITY AS a (closing_fill_id, opening_fill_id, opening_order_id,
          opened_at, closed_at, size, opening_fee_usd, closing_fee_usd, cost_basis_usd, net_proceeds_usd, place)
        ORDER BY id.n, a.place
        LIMIT ${limit} OFFSET ${offset}`,
  );
}

/** Locks a bot until the transaction ends. */
export async function lockBot(database: Database, botId: string): Promise<void> {
  await database.one(z.object({ locked: z.unknown() }), sql`SELECT lock_bot(${botId})::text AS locked`);
}

/** Writes a matching change. @param fresh fills and orders that must not be stored yet
 *  @returns the new version; null when the bot's matching has changed since `version` was read, or one of `fresh` is stored */
export async function writeMatching(
  database: Database,
  botId: string,
  version: number,
  change: MatchingChange,
  fresh: NewFills | null = null,
): Promise<number | null> {
  const { written } = await database.one(
    z.object({ written: z.int().nullable() }),
    sql`SELECT write_matching(${botId}, ${version}, ${changeJson(change, fresh)}::jsonb) AS written`,
  );
  return written;
}

const Corrected = z.object({ corrected: z.object({ correction_id: z.int(), version: z.int() }).nullable() });

/** Writes a correction and the resulting matching change. @returns its id and the new version; null when the bot's matching has changed
 *  since it was read */
export async function correctFill(
  database: Database,
  correction: Readonly<Record<string, unknown>> & { readonly change: MatchingChange },
): Promise<z.output<typeof Corrected>['corrected']> {
  const { change, ...rest } = correction;
  const request = `${JSON.stringify(rest).slice(0, -1)},"change":${changeJson(change)}}`;
  const { corrected } = await database.one(Corrected, sql`SELECT correct_fill(${request}::jsonb) AS corrected`);
  return corrected;
}

const CorrectionId = z.object({ correction_id: z.int() });

/** The correction that an identical request made earlier. */
export function correctionBy(
  database: Database,
  { bot_id, fill_id, request_hash }: { bot_id: string; fill_id: string; request_hash: string },
): Promise<z.output<typeof CorrectionId> | null> {
  return database.maybeOne(
    CorrectionId,
    sql`SELECT correction_id FROM fill_corrections
        WHERE bot_id = ${bot_id} AND fill_id = ${fill_id} AND request_hash = ${request_hash}`,
  );
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
  readonly side?: 'long' | 'short' | undefined;
  readonly trigger_type?: string | undefined;
  readonly attribution?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: readonly [closedAt: string, orderId: string, part: number] | undefined;
}

/** Closed trades, the newest first. Only those of the page are looked up in the links, one by one: without OFFSET 0 the planner, which expects a
 *  bot to have few trades, joins all of them first. */
export function trades(database: Database, filter: TradeFilter, limit: number): Promise<TradeRow[]> {
  const [closedAt, orderId, part] = filter.cursor ?? ['infinity', '', 0];
  const { trigger_type } = filter;
  return database.many(
    TradeRow,
    sql`SELECT t.*, l.trigger_type, l.exit_reason
        FROM (
          SELECT * FROM trades
          WHERE bot_id = ${filter.bot_id}
            AND (closed_at, order_id, part) < (${closedAt}::timestamptz, ${orderId}, ${part})
            ${filter.snapshot_id === undefined ? sql`` : sql`AND entry_snapshot_id = ${filter.snapshot_id}::uuid`}
            ${filter.symbol === undefined ? sql`` : sql`AND symbol = ${filter.symbol}`}
            ${filter.side === undefined ? sql`` : sql`AND side = ${filter.side}`}
            ${filter.attribution === undefined ? sql`` : sql`AND attribution = ${filter.attribution}`}
            ${filter.from === undefined ? sql`` : sql`AND closed_at >= ${filter.from}::timestamptz`}
            ${filter.to === undefined ? sql`` : sql`AND closed_at < ${filter.to}::timestamptz`}
          ORDER BY closed_at DESC, order_id DESC, part DESC
          ${trigger_type === undefined ? sql`LIMIT ${limit}` : sql``}
        ) AS t
        LEFT JOIN LATERAL (
          SELECT trigger_type, exit_reason FROM trade_strategy_link WHERE bot_id = t.bot_id AND order_id = t.order_id OFFSET 0
        ) AS l ON true
        ${trigger_type === undefined ? sql`` : sql`WHERE l.trigger_type = ${trigger_type}`}
        ORDER BY t.closed_at DESC, t.order_id DESC, t.part DESC
        LIMIT ${limit}`,
  );
}

export function tradeById(database: Database, tradeId: string): Promise<TradeRow | null> {
  return database.maybeOne(
    TradeRow,
    sql`SELECT t.*, l.trigger_type, l.exit_reason
        FROM trades t
        LEFT JOIN trade_strategy_link l ON l.bot_id = t.bot_id AND l.order_id = t.order_id
        WHERE t.trade_id = ${tradeId}::uuid`,
  );
}

const ClosingOrder = z.object({ order_id: z.string() });

/** The closing orders in the book of an order. */
export function closingOrders(
  database: Database,
  botId: string,
  orderId: string,
): Promise<z.output<typeof ClosingOrder>[]> {
  return database.many(
    ClosingOrder,
    sql`SELECT DISTINCT f.order_id
        FROM orders closing
        JOIN fills f ON f.book_id = closing.book_id
        JOIN orders o ON o.bot_id = closing.bot_id AND o.order_id = f.order_id
        WHERE closing.bot_id = ${botId} AND closing.order_id = ${orderId} AND o.allocations IS NOT NULL`,
  );
}

const OrderRow = rowOf(TradeOrder);

/** Orders by their ids. */
export function orders(database: Database, botId: string, ids: readonly string[]): Promise<TradeOrder[]> {
  return database.many(
    OrderRow,
    sql`SELECT o.order_id, o.side, o.client_order_id, o.source, o.placed_at, o.first_filled_at, o.last_filled_at, o.snapshot_id, o.attribution
        FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS id
        JOIN orders o ON o.bot_id = ${botId} AND o.order_id = id
        ORDER BY o.first_filled_at, o.order_id`,
  );
}

/** Fills by their ids, with corrections applied; decimals as text. */
export function fills(database: Database, botId: string, ids: readonly string[]): Promise<TradeFill[]> {
  return database.many(
    TradeFill,
    sql`SELECT f.fill_id, f.order_id, b.symbol, f.side, f.price::text, f.size::text, f.fee_usd::text,
          CASE WHEN f.fee_amount IS NOT NULL THEN jsonb_build_object('amount', f.fee_amount::text, 'currency', f.fee_currency) END AS fee,
          b.position_side, nullif(b.position_id, '') AS position_id, f.quote_usd::text, f.filled_at, f.placed_at, f.client_order_id, f.source
        FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS id
        JOIN fills f ON f.bot_id = ${botId} AND f.fill_id = id
        JOIN books b USING (book_id)
        ORDER BY f.filled_at, f.fill_id`,
  );
}

export interface PositionFilter {
  readonly bot_id: string;
  readonly snapshot_id?: string | undefined;
  readonly symbol?: string | undefined;
  readonly cursor?: readonly [openedAt: string, bookId: number, entrySnapshotId: string, side: string] | undefined;
}

const PositionRow = rowOf(Position.extend({ book_id: z.int() }));

/** The open positions of a bot, oldest first, with the realised P&L of the orders that opened them. */
export function positions(
  database: Database,
  filter: PositionFilter,
  limit: number,
): Promise<z.output<typeof PositionRow>[]> {
  const [openedAt, bookId, snapshotId, side] = filter.cursor ?? ['-infinity', 0, '', ''];
  return database.many(
    PositionRow,
    sql`SELECT p.*,
          (SELECT coalesce(sum(a.net_proceeds_usd - a.cost_basis_usd), 0)
           FROM (SELECT DISTINCT order_id FROM fills WHERE book_id = p.book_id AND filled_at >= p.opened_at) AS closing
           JOIN orders o ON o.bot_id = p.bot_id AND o.order_id = closing.order_id
           CROSS JOIN LATERAL allocations_of(o.bot_id, o.allocations) AS a
           WHERE p.position_id IS NOT NULL
             OR a.opening_order_id IN (SELECT order_id FROM open_lots WHERE bot_id = p.bot_id AND book_id = p.book_id)) AS realised_pnl_usd
        FROM (
          SELECT * FROM open_positions
          WHERE bot_id = ${filter.bot_id}
            ${filter.snapshot_id === undefined ? sql`` : sql`AND entry_snapshot_id = ${filter.snapshot_id}::uuid`}
            ${filter.symbol === undefined ? sql`` : sql`AND symbol = ${filter.symbol}`}
        ) AS p
        WHERE (opened_at, book_id, coalesce(entry_snapshot_id::text, ''), side) > (${openedAt}::timestamptz, ${bookId}, ${snapshotId}, ${side})
        ORDER BY opened_at, book_id, coalesce(entry_snapshot_id::text, ''), side
        LIMIT ${limit}`,
  );
}
