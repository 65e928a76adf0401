import * as z from 'zod';
import { number, rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { StrategyPerformance } from './contract.ts';

const StrategyRow = rowOf(StrategyPerformance);

/** The latest snapshots of a bot as of an instant, with their performance up to a day. */
export function strategies(
  database: Database,
  botId: string,
  range: { at: string; through: string; limit: number },
): Promise<StrategyPerformance[]> {
  return database.many(
    StrategyRow,
    sql`SELECT *
        FROM snapshot_performance(${botId}, ${range.at}::timestamptz, ${range.through}::date)
        ORDER BY active_from DESC
        LIMIT ${range.limit}`,
  );
}

const SnapshotOfArm = z.object({
  snapshot_id: z.string(),
  config_hash: z.string(),
  started_on: z.string(),
  traded: z.boolean(),
  through: z.string(),
});
export type SnapshotOfArm = z.output<typeof SnapshotOfArm>;

/** Every snapshot of a bot up to an instant, oldest first, with its first day and whether it has summarized trades up to `through`,
 *  by default the last day completed at that instant. */
export function snapshotsOfArms(
  database: Database,
  botId: string,
  { at, through }: { at: string; through?: string | undefined },
): Promise<SnapshotOfArm[]> {
  return database.many(
    SnapshotOfArm,
    sql`SELECT snapshot_id, config_hash, trading_day(active_from) AS started_on, through,
          EXISTS (SELECT FROM strategy_performance_summary row
                  WHERE row.snapshot_id = s.snapshot_id AND row.total_trades > 0 AND row.date <= through) AS traded
        FROM strategy_snapshots s
        CROSS JOIN (SELECT coalesce(${through ?? null}::date, trading_day(${at}::timestamptz) - 1) AS through) AS looked_at
        WHERE bot_id = ${botId} AND active_from <= ${at}::timestamptz
        ORDER BY active_from`,
  );
}

const ArmRow = z.object({
  config_hash: z.string(),
  active_from: z.string(),
  date: z.string(),
  total_trades: z.int(),
  winning_trades: z.int(),
  losing_trades: z.int(),
  total_pnl_usd: number,
  gross_profit_usd: number,
  gross_loss_usd: number,
  cost_basis_usd: number,
  largest_win_usd: number.nullable(),
  largest_loss_usd: number.nullable(),
  max_drawdown_usd: number,
  highest_pnl_usd: number,
  lowest_pnl_usd: number,
  fast_exits_count: z.int(),
  hold_time_buckets: z.record(z.string(), z.number()),
});

const ArmRowAsJson = z.object({ row: ArmRow });

/** One page of summary rows of the snapshots with these configurations, by day, starting after the row `after`.
 *  Each row is one JSON value: decoding fifteen fields per row took longer than computing the verdict. */
export async function armRows(
  database: Database,
  botId: string,
  page: { hashes: readonly string[]; through: string; after: { date: string; active_from: string }; limit: number },
): Promise<z.output<typeof ArmRow>[]> {
  const rows = await database.many(
    ArmRowAsJson,
    sql`SELECT to_jsonb(arm) AS row
        FROM (
          SELECT s.config_hash, s.active_from, row.date, total_trades, winning_trades, losing_trades, total_pnl_usd, gross_profit_usd,
            gross_loss_usd, cost_basis_usd, largest_win_usd, largest_loss_usd, max_drawdown_usd, highest_pnl_usd, lowest_pnl_usd, fast_exits_count, hold_time_buckets
          FROM strategy_snapshots s
          JOIN strategy_performance_summary row ON row.snapshot_id = s.snapshot_id
          WHERE s.bot_id = ${botId} AND s.config_hash = ANY (string_to_array(${page.hashes.join(',')}, ','))
            AND row.date BETWEEN ${page.after.date}::date AND ${page.through}::date
            AND (row.date, s.active_from) > (${page.after.date}::date, ${page.after.active_from}::timestamptz)
          ORDER BY row.date, s.active_from
          LIMIT ${page.limit}
        ) AS arm
        ORDER BY date, active_from`,
  );
  return rows.map(({ row }) => row);
}

const OpenCost = z.object({ config_hash: z.string(), open_cost_usd: number });

/** The cost of the open positions of each of these configurations. */
export function openCosts(
  database: Database,
  botId: string,
  hashes: readonly string[],
): Promise<z.output<typeof OpenCost>[]> {
  return database.many(
    OpenCost,
    sql`SELECT s.config_hash, sum(cost_usd) AS open_cost_usd
        FROM open_positions p
        JOIN strategy_snapshots s ON s.snapshot_id = p.entry_snapshot_id
        WHERE p.bot_id = ${botId}
          AND s.config_hash = ANY (string_to_array(${hashes.join(',')}, ','))
        GROUP BY s.config_hash`,
  );
}
