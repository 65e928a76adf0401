-- Performance of every snapshot of a bot (of all bots where p_bot_id is null) up to a day, as of an instant. Pooled from the sums in
-- summary rows: no averages of averages, and no reading of trades. Open positions are what was entered under the snapshot and is
-- not closed yet.
CREATE OR REPLACE FUNCTION snapshot_performance(p_bot_id text, p_as_of timestamptz, p_through date) RETURNS TABLE (
  snapshot_id uuid, active_from timestamptz, active_until timestamptz, notes text, days_active integer, total_trades bigint,
  avg_win_rate numeric, total_pnl numeric, avg_profit_factor numeric, avg_expectancy numeric,
  bot_id text, config_hash text, winning_trades bigint, losing_trades bigint, breakeven_trades bigint, days_with_trades bigint,
  gross_profit_usd numeric, gross_loss_usd numeric, avg_win_usd numeric, avg_loss_usd numeric, largest_win_usd numeric, largest_loss_usd numeric,
  pnl_per_day_usd numeric, max_drawdown_usd numeric, fast_exit_rate numeric,
  avg_hold_time_seconds numeric, fast_exits_count bigint, fast_exits_pnl numeric,
  unmatched_sells bigint, open_positions bigint, open_cost_usd numeric, unrealised_pnl_usd numeric, marked_at timestamptz, last_date date, stale boolean)
LANGUAGE sql STABLE AS $$
  SELECT
    s.snapshot_id, s.active_from,
    CASE WHEN s.active_until <= p_as_of THEN s.active_until END,
    s.notes,
    floor(extract(epoch FROM (least(s.active_until, p_as_of) AT TIME ZONE calendar.time_zone) - (s.active_from AT TIME ZONE calendar.time_zone)) / 86400)::integer,
    pooled.trades,
    win_rate(pooled.winning, pooled.trades),
    pooled.profit - pooled.loss,
    profit_factor(pooled.profit, pooled.loss),
    expectancy_usd(pooled.profit - pooled.loss, pooled.trades),
    s.bot_id, s.config_hash, pooled.winning, pooled.losing, pooled.breakeven, pooled.days_with_trades,
    pooled.profit, pooled.loss,
    avg_win_usd(pooled.winning_pnl, pooled.winning), avg_loss_usd(pooled.losing_pnl, pooled.losing),
    pooled.largest_win, pooled.largest_loss,
    pnl_per_day_usd(pooled.profit - pooled.loss, pooled.days), pooled.drawdown, fast_exit_rate(pooled.fast_exits, pooled.trades),
    avg_hold_time_seconds(pooled.held, pooled.trades), pooled.fast_exits, pooled.fast_exits_pnl,
    pooled.unmatched_sells, coalesce(open.positions, 0), coalesce(open.cost_usd, 0), coalesce(open.unrealised_pnl_usd, 0), open.marked_at, pooled.last_date,
    EXISTS (SELECT FROM marked_days m WHERE m.snapshot_id = s.snapshot_id AND m.date <= pooled.last_date)
  FROM strategy_snapshots s
  CROSS JOIN trading_calendar calendar
  CROSS JOIN LATERAL (
    SELECT
      coalesce(sum(day.total_trades), 0)::bigint AS trades, coalesce(sum(day.winning_trades), 0)::bigint AS winning,
      coalesce(sum(day.losing_trades), 0)::bigint AS losing, coalesce(sum(day.breakeven_trades), 0)::bigint AS breakeven,
      count(*) AS days, count(*) FILTER (WHERE day.total_trades > 0) AS days_with_trades,
      coalesce(sum(day.gross_profit_usd), 0) AS profit, coalesce(sum(day.gross_loss_usd), 0) AS loss,
      sum(day.winning_pnl_usd) AS winning_pnl, sum(day.losing_pnl_usd) AS losing_pnl,
      max(day.largest_win_usd) AS largest_win, min(day.largest_loss_usd) AS largest_loss,
      coalesce(max(greatest(day.max_drawdown_usd, day.peak_before_usd - day.total_before_usd - day.lowest_pnl_usd)), 0) AS drawdown,
      sum(day.hold_seconds_sum) AS held,
      coalesce(sum(day.fast_exits_count), 0)::bigint AS fast_exits, coalesce(sum(day.fast_exits_pnl), 0) AS fast_exits_pnl,
      coalesce(sum(day.unmatched_sells), 0)::bigint AS unmatched_sells, max(day.date) AS last_date
    FROM (
      -- Joins the days into one equity curve: its value and its peak before each day, starting at 0.
      SELECT *, greatest(0, max(total_before_usd + highest_pnl_usd) OVER (ORDER BY date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS peak_before_usd
      FROM (
        SELECT row.*, coalesce(sum(row.total_pnl_usd) OVER (ORDER BY row.date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS total_before_usd
        FROM strategy_performance_summary row
        WHERE row.snapshot_id = s.snapshot_id AND row.date <= p_through
      ) AS before
    ) AS day
  ) AS pooled
  LEFT JOIN (
    SELECT bot_id, entry_snapshot_id, count(*) FILTER (WHERE NOT dust) AS positions, sum(cost_usd) AS cost_usd,
      sum(unrealised_pnl_usd) AS unrealised_pnl_usd, min(marked_at) AS marked_at
    FROM open_positions
    WHERE p_bot_id IS NULL OR bot_id = p_bot_id
    GROUP BY bot_id, entry_snapshot_id
  ) AS open ON open.bot_id = s.bot_id AND open.entry_snapshot_id = s.snapshot_id
  WHERE (p_bot_id IS NULL OR s.bot_id = p_bot_id) AND s.active_from <= p_as_of
$$;

GRANT EXECUTE ON FUNCTION snapshot_performance(text, timestamptz, date) TO app;
