import type { HoldBuckets } from '../../statistics/hold-times.ts';
import type { Day } from './day.ts';

/** A summary row of one of an arm's snapshots. Every day of the snapshot's period has a row, with or without trades. */
export interface ArmRow {
  readonly date: string;
  /** When its snapshot became active. */
  readonly active_from: string;
  readonly total_trades: number;
  readonly winning_trades: number;
  readonly losing_trades: number;
  readonly total_pnl_usd: number;
  readonly gross_profit_usd: number;
  readonly gross_loss_usd: number;
  readonly cost_basis_usd: number;
  readonly largest_win_usd: number | null;
  readonly largest_loss_usd: number | null;
  readonly max_drawdown_usd: number;
  readonly highest_pnl_usd: number;
  readonly lowest_pnl_usd: number;
  readonly fast_exits_count: number;
  readonly hold_time_buckets: HoldBuckets;
}

/** All snapshots of a bot with one configuration, and their summary rows. */
export interface Arm {
  /** The requested snapshot. */
  readonly snapshot_id: string;
  readonly config_hash: string;
  readonly notes: string | null;
  readonly snapshot_ids: readonly string[];
  /** The first trading day of the arm's first snapshot. */
  readonly started_on: string;
  /** Ordered by date, then by the start of the snapshot. */
  readonly rows: readonly ArmRow[];
  /** Cost of open positions, in USD. */
  readonly open_cost_usd: number;
}

/** The days with trades. Rows of the same date are added up, since an arm may be active twice on one day. */
export function daysOf(rows: readonly ArmRow[]): Day[] {
  const days = new Map<string, Day>();
  for (const row of rows) {
    if (row.total_trades === 0) continue;
    const day = days.get(row.date);
    days.set(row.date, {
      date: row.date,
      trades: row.total_trades + (day?.trades ?? 0),
      winning: row.winning_trades + (day?.winning ?? 0),
      losing: row.losing_trades + (day?.losing ?? 0),
      pnl: row.total_pnl_usd + (day?.pnl ?? 0),
      gross_profit: row.gross_profit_usd + (day?.gross_profit ?? 0),
      gross_loss: row.gross_loss_usd + (day?.gross_loss ?? 0),
    });
  }
  return [...days.values()];
}

/** Maximum drawdown of an arm: the largest fall of its equity curve from the running peak, in USD. */
export function drawdownOf(rows: readonly ArmRow[]): number {
  let [total, peak, drawdown] = [0, 0, 0];
  for (const row of rows) {
    drawdown = Math.max(drawdown, row.max_drawdown_usd, peak - (total + row.lowest_pnl_usd));
    peak = Math.max(peak, total + row.highest_pnl_usd);
    total += row.total_pnl_usd;
  }
  return drawdown;
}
