import * as z from 'zod';
import { integer, number } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { Strategy } from './contract.ts';

const StrategyRow = z.object({
  snapshot_id: integer,
  bot_id: z.string(),
  active_from: z.string(),
  active_until: z.string().nullable(),
  notes: z.string().nullable(),
  config_hash: z.string(),
  days_active: z.int(),
  total_trades: integer,
  winning_trades: integer,
  losing_trades: integer,
  breakeven_trades: integer,
  days_with_trades: integer,
  avg_win_rate: number.nullable(),
  total_pnl: number,
  avg_profit_factor: number.nullable(),
  avg_expectancy: number.nullable(),
  gross_profit_usd: number,
  gross_loss_usd: number,
  avg_win_usd: number.nullable(),
  avg_loss_usd: number.nullable(),
  largest_win_usd: number.nullable(),
  largest_loss_usd: number.nullable(),
  max_drawdown_usd: number,
  avg_hold_time_seconds: number.nullable(),
  fast_exits_count: integer,
  fast_exits_pnl: number,
  fast_exit_rate: number.nullable(),
  unmatched_sells: integer,
  open_trades: integer,
  open_cost_usd: number,
  last_date: z.string().nullable(),
  stale: z.boolean(),
}) satisfies z.ZodType<Strategy>;

/** The latest snapshots of a bot as they stood at an instant, with what they earned up to a day. */
export function strategies(
  database: Database,
  botId: string,
  of: { at: string; through: string; limit: number },
): Promise<Strategy[]> {
  return database.many(
    StrategyRow,
    sql`SELECT *
        FROM snapshot_performance(${of.at}::timestamptz, ${of.through}::date)
        WHERE bot_id = ${botId}
        ORDER BY active_from DESC
        LIMIT ${of.limit}`,
  );
}
