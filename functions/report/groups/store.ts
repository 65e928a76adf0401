import * as z from 'zod';
import { rowOf } from '../../database/columns.ts';
import type { Database } from '../../database/database.ts';
import { type Sql, sql } from '../../database/sql.ts';
import { Group, PnlRange } from './contract.ts';

const GroupRow = rowOf(Group.extend({ dimension: z.string() }));
type GroupRow = z.output<typeof GroupRow>;

/** Most groups of a dimension; smaller ones are pooled into one. */
const MOST_GROUPS = 40;

/** Groups closed trades by several dimensions. `closed` selects at least pnl_usd and hold_seconds; `memberships` selects the
 *  (dimension, name) pairs of each of its rows. */
const grouped = (closed: Sql, memberships: Sql): Sql => sql`
  WITH closed AS MATERIALIZED (${closed}),
  by_name AS (
    SELECT dimension, name, count(*) AS trades, count(*) FILTER (WHERE pnl_usd > breakeven_usd()) AS winning, sum(pnl_usd) AS pnl,
      sum(hold_seconds) AS held, percentile_cont(0.5) WITHIN GROUP (ORDER BY hold_seconds::float8) AS median_held,
      row_number() OVER (PARTITION BY dimension ORDER BY abs(sum(pnl_usd)) DESC, name) > ${MOST_GROUPS} AS small
    FROM closed
    CROSS JOIN LATERAL (${memberships}) AS membership (dimension, name)
    GROUP BY dimension, name
  )
  SELECT dimension, CASE WHEN count(*) = 1 THEN min(name) END AS name, count(*) AS groups, sum(trades) AS total_trades,
    sum(winning) AS winning_trades, win_rate(sum(winning), sum(trades)) AS win_rate, sum(pnl) AS total_pnl_usd,
    expectancy_usd(sum(pnl), sum(trades)) AS expectancy_usd, avg_hold_time_seconds(sum(held), sum(trades)) AS avg_hold_time_seconds,
    CASE WHEN count(*) = 1 THEN min(median_held) END AS median_hold_time_seconds
  FROM by_name
  GROUP BY dimension, CASE WHEN NOT small THEN name END, small
  ORDER BY dimension, small, total_pnl_usd DESC, name`;

/** Closed trades: at instants in [from, to), and optionally only those of one snapshot or symbol. */
export interface Closed {
  readonly from: string;
  readonly to: string;
  readonly snapshot_id?: string | undefined;
  readonly symbol?: string | undefined;
}

/** Restricts trades to those that the summaries count. */
const inSummaries = (botId: string, { from, to, snapshot_id, symbol }: Closed): Sql => sql`
  t.bot_id = ${botId} AND t.closed_at >= ${from}::timestamptz AND t.closed_at < ${to}::timestamptz
  AND t.entry_snapshot_id IS NOT NULL AND t.attribution <> 'manual'
  ${snapshot_id === undefined ? sql`` : sql`AND t.entry_snapshot_id = ${snapshot_id}::uuid`}
  ${symbol === undefined ? sql`` : sql`AND t.symbol = ${symbol}`}`;

/** The closed trades by `total`, `symbol`, `trigger` (of the sell), `hour` and `weekday` (of closing, in the trading time zone) and `outcome`. */
export function tradeGroups(database: Database, botId: string, window: Closed): Promise<GroupRow[]> {
  return database.many(
    GroupRow,
    grouped(
      sql`SELECT t.symbol, l.trigger_type, to_char(t.closed_at AT TIME ZONE trading_time_zone(), 'HH24') AS hour,
            to_char(t.closed_at AT TIME ZONE trading_time_zone(), 'ID') AS weekday, t.pnl_usd, t.hold_seconds
          FROM trades t
          LEFT JOIN trade_strategy_link l ON l.bot_id = t.bot_id AND l.order_id = t.order_id
          WHERE ${inSummaries(botId, window)}`,
      sql`VALUES
          ('total', 'total'), ('symbol', symbol), ('trigger', trigger_type), ('hour', hour), ('weekday', weekday),
          ('outcome', CASE WHEN pnl_usd > breakeven_usd() THEN 'winning' WHEN pnl_usd < -breakeven_usd() THEN 'losing' ELSE 'breakeven' END)`,
    ),
  );
}

/** The same trades by the signal of their buy: `score` (0: below the snapshot's buy target, 1: up to 0.5 above, 2: up to 1, 3: up to 2,
 *  4: more), `indicator_count` and `indicator`. If a trade has several buys, the largest one counts. */
export function signalGroups(database: Database, botId: string, window: Closed): Promise<GroupRow[]> {
  return database.many(
    GroupRow,
    grouped(
      sql`SELECT t.pnl_usd, t.hold_seconds, bought.indicators_fired, bought.indicator_breakdown,
            width_bucket(bought.buy_score - s.score_buy_target, ARRAY[0, 0.5, 1, 2]) AS score
          FROM trades t
          JOIN strategy_snapshots s ON s.snapshot_id = t.entry_snapshot_id
          LEFT JOIN LATERAL (
            SELECT l.buy_score, l.indicators_fired, l.indicator_breakdown
            FROM (
              SELECT a.opening_order_id, sum(a.size) AS size, min(a.opened_at) AS opened_at
              FROM orders closing
              CROSS JOIN LATERAL allocations_of(closing.bot_id, closing.allocations) AS a
              JOIN orders o ON o.bot_id = t.bot_id AND o.order_id = a.opening_order_id AND o.snapshot_id = t.entry_snapshot_id
              WHERE closing.bot_id = t.bot_id AND closing.order_id = t.order_id
              GROUP BY a.opening_order_id
            ) AS entry
            LEFT JOIN trade_strategy_link l ON l.bot_id = t.bot_id AND l.order_id = entry.opening_order_id
            ORDER BY entry.size DESC, entry.opened_at, entry.opening_order_id
            LIMIT 1) AS bought ON true
          WHERE ${inSummaries(botId, window)}`,
      sql`SELECT 'score', score::text
          UNION ALL
          SELECT 'indicator_count', indicators_fired::text
          UNION ALL
          (WITH RECURSIVE entries AS (
             SELECT key, value FROM jsonb_each(indicator_breakdown)
             UNION ALL
             SELECT inner_entry.key, inner_entry.value
             FROM entries
             CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(entries.value) = 'object' THEN entries.value - 'contribution' ELSE '{}' END) AS inner_entry
             WHERE entries.value->'contribution' IS NULL
           )
           SELECT 'indicator', key
           FROM entries
           WHERE coalesce(value->>'contribution', value #>> '{}') ~ '^[0-9.]*[1-9][0-9.]*(e[-+]?[0-9]+)?$')`,
    ),
  );
}

/** Ranges of the histogram, before their width is rounded up to 1, 2 or 5 times a power of ten. */
const RANGES = 24;

const PnlRangeRow = rowOf(PnlRange);

/** A histogram of the P&L of the closed trades. The lowest and the highest 1 % are in the first and the last range, so that a few large
 *  trades do not flatten the rest. */
export function pnlRanges(database: Database, botId: string, window: Closed): Promise<z.output<typeof PnlRangeRow>[]> {
  return database.many(
    PnlRangeRow,
    sql`WITH closed AS MATERIALIZED (SELECT t.pnl_usd FROM trades t WHERE ${inSummaries(botId, window)}),
        core AS (SELECT percentile_disc(0.01) WITHIN GROUP (ORDER BY pnl_usd) AS low, percentile_disc(0.99) WITHIN GROUP (ORDER BY pnl_usd) AS high FROM closed),
        exact AS (SELECT low, high, greatest(high - low, 0.01) / ${RANGES} AS width FROM core),
        scaled AS (SELECT low, high, width, power(10::numeric, floor(log(width))) AS unit FROM exact),
        range AS (SELECT low, high, unit * CASE WHEN width <= unit THEN 1 WHEN width <= 2 * unit THEN 2 WHEN width <= 5 * unit THEN 5 ELSE 10 END AS width FROM scaled)
        SELECT least(place * width, min(pnl_usd)) AS from_usd, greatest((place + 1) * width, max(pnl_usd)) AS to_usd, count(*) AS total_trades
        FROM (SELECT pnl_usd, width, floor(least(greatest(pnl_usd, low), high) / width) AS place FROM closed CROSS JOIN range) AS placed
        GROUP BY place, width
        ORDER BY place`,
  );
}
