import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { type Sql, sql } from '../../database/sql.ts';
import { thresholds } from '../../thresholds.ts';

interface ArmRequest {
  /** The configuration that is active just before this instant. */
  readonly to: string;
  /** The last trading day to include. */
  readonly through: string;
}

/** The trades that the summaries count, of all snapshots with the configuration. */
const tradesOfArm = (botId: string, { to, through }: ArmRequest): Sql => sql`
  SELECT t.symbol, trading_day(t.closed_at) AS date, t.pnl_usd, t.hold_seconds
  FROM strategy_snapshots s
  JOIN trades t ON t.entry_snapshot_id = s.snapshot_id
  WHERE s.bot_id = ${botId} AND s.config_hash = (
      SELECT config_hash FROM strategy_snapshots
      WHERE bot_id = ${botId} AND active_from < ${to}::timestamptz
      ORDER BY active_from DESC
      LIMIT 1)
    AND t.attribution <> 'manual' AND t.closed_at < day_start(${through}::date + 1)`;

const Traded = z.object({ symbols: z.int() });

/** The number of symbols that the configuration has traded. */
export async function tradedSymbols(database: Database, botId: string, request: ArmRequest): Promise<number> {
  const { symbols } = await database.one(
    Traded,
    // Grouped, since DISTINCT would sort all trades.
    sql`SELECT count(*)::integer AS symbols FROM (SELECT FROM (${tradesOfArm(botId, request)}) AS t GROUP BY symbol) AS s`,
  );
  return symbols;
}

const Days = z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.number()]));
const SymbolRow = z.object({
  symbol: z.string(),
  started_on: z.string(),
  hold_time_buckets: z.record(z.string(), z.number()),
  days: Days,
});

/** Symbols read per call: their days, of at most 50 bytes each, stay under the Data API's 1 MB. */
const PAGE_SYMBOLS = 15;

/** The days with trades of each symbol that has enough of them to be measured, oldest first. The start is that of the configuration. */
export async function* symbolDays(database: Database, botId: string, request: ArmRequest) {
  let page: z.output<typeof SymbolRow>[];
  let after = '';
  do {
    page = await database.many(
      SymbolRow,
      sql`WITH fine AS (
            SELECT symbol, date, floor(log(2, greatest(hold_seconds, 1)))::integer AS bucket, count(*) AS trades,
              count(*) FILTER (WHERE pnl_usd > breakeven_usd()) AS winning, count(*) FILTER (WHERE pnl_usd < -breakeven_usd()) AS losing,
              sum(pnl_usd) AS pnl
            FROM (${tradesOfArm(botId, request)}) AS closed
            WHERE symbol COLLATE "C" > ${after}
            GROUP BY symbol, date, bucket
          ),
          by_day AS (
            SELECT symbol, date, sum(trades) AS trades, sum(winning) AS winning, sum(losing) AS losing, sum(pnl)::float8 AS pnl
            FROM fine
            GROUP BY symbol, date
          )
          SELECT d.symbol, (
              SELECT trading_day(min(active_from))
              FROM strategy_snapshots s
              WHERE s.bot_id = ${botId} AND s.config_hash = (
                SELECT config_hash FROM strategy_snapshots
                WHERE bot_id = ${botId} AND active_from < ${request.to}::timestamptz
                ORDER BY active_from DESC
                LIMIT 1)) AS started_on,
            (SELECT jsonb_object_agg(bucket, trades)
             FROM (SELECT bucket, sum(trades) AS trades FROM fine WHERE fine.symbol = d.symbol GROUP BY bucket) AS held) AS hold_time_buckets,
            jsonb_agg(jsonb_build_array(d.date, d.trades, d.winning, d.losing, d.pnl) ORDER BY d.date) AS days
          FROM by_day d
          GROUP BY d.symbol
          HAVING count(*) >= ${thresholds.gates.days} AND sum(d.trades) >= ${thresholds.gates.trades}
          ORDER BY d.symbol COLLATE "C"
          LIMIT ${PAGE_SYMBOLS}`,
    );
    for (const { days, ...row } of page)
      yield {
        ...row,
        days: days.map(([date, trades, winning, losing, pnl]) => ({ date, trades, winning, losing, pnl })),
      };
    after = page.at(-1)?.symbol ?? '';
  } while (page.length === PAGE_SYMBOLS);
}
