-- Recomputes the given summary rows from the trades of their days and replaces them as a whole. A row that neither a snapshot's period
-- nor a trade requires is deleted. The sums of experiments on these days follow. Returns the number of rows written.
-- Each day's trades are read once, in the order of their index. Money is exact; the median and the histogram of hold times use doubles,
-- which sort and compare faster. Rows are looked up one by one: see plan_for in database/sql/writes.sql.
CREATE OR REPLACE FUNCTION replace_summaries(p_bot_id text, p_snapshots uuid[], p_dates date[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_zone   text := trading_time_zone();
  v_powers float8[] := ARRAY(SELECT power(2::float8, k) FROM generate_series(0, 40) AS k);
  v_rows   integer;
BEGIN
  DELETE FROM strategy_performance_summary row
  USING (
    SELECT found.ctid AS row
    FROM unnest(p_snapshots, p_dates) AS m (snapshot_id, date)
    CROSS JOIN LATERAL (
      SELECT ctid FROM strategy_performance_summary s WHERE s.snapshot_id = m.snapshot_id AND s.date = m.date OFFSET 0
    ) AS found
  ) AS old
  WHERE row.ctid = old.row;

  INSERT INTO strategy_performance_summary (
    snapshot_id, date, bot_id, winning_trades, losing_trades, breakeven_trades, largest_win_usd, largest_loss_usd,
    max_drawdown_usd, median_hold_time_seconds, fast_exits_count, fast_exits_pnl, updated_at, gross_profit_usd, gross_loss_usd,
    cost_basis_usd, winning_pnl_usd, losing_pnl_usd, highest_pnl_usd, lowest_pnl_usd, hold_seconds_sum, hold_time_buckets, unmatched_sells, time_zone)
  SELECT
    d.snapshot_id, d.date, p_bot_id, winning, losing, breakeven, largest_win, largest_loss,
    coalesce(drawdown, 0), median_hold, fast_exits, coalesce(fast_exits_pnl, 0), clock_timestamp(),
    coalesce(winning_pnl, 0) + coalesce(small_profit, 0), -coalesce(losing_pnl, 0) - coalesce(small_loss, 0),
    coalesce(cost, 0), coalesce(winning_pnl, 0), coalesce(losing_pnl, 0), greatest(0, highest), least(0, lowest), coalesce(held, 0),
    (SELECT coalesce(jsonb_object_agg(bucket, trades), '{}') FROM (SELECT bucket, count(*) AS trades FROM unnest(buckets) AS bucket GROUP BY bucket) AS counted),
    sells, v_zone
  FROM (
    SELECT m.snapshot_id, m.date, m.date::timestamp AT TIME ZONE v_zone AS begins, (m.date + 1)::timestamp AT TIME ZONE v_zone AS ends
    FROM unnest(p_snapshots, p_dates) AS m (snapshot_id, date) OFFSET 0
  ) AS d
  JOIN strategy_snapshots s ON s.snapshot_id = d.snapshot_id
  CROSS JOIN LATERAL (
    SELECT
      count(*) AS trades,
      count(*) FILTER (WHERE outcome = 1) AS winning,
      count(*) FILTER (WHERE outcome = -1) AS losing,
      count(*) FILTER (WHERE outcome = 0) AS breakeven,
      max(pnl_usd) FILTER (WHERE outcome = 1) AS largest_win,
      min(pnl_usd) FILTER (WHERE outcome = -1) AS largest_loss,
      sum(pnl_usd) FILTER (WHERE outcome = 1) AS winning_pnl,
      sum(pnl_usd) FILTER (WHERE outcome = -1) AS losing_pnl,
      sum(pnl_usd) FILTER (WHERE outcome = 0 AND pnl_usd > 0) AS small_profit,
      sum(pnl_usd) FILTER (WHERE outcome = 0 AND pnl_usd < 0) AS small_loss,
      max(greatest(0, peak_usd) - running_usd) AS drawdown,
      max(peak_usd) AS highest,
      min(running_usd) AS lowest,
      sum(hold_seconds) AS held,
      sum(cost_basis_usd) AS cost,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_hold,
      count(*) FILTER (WHERE hold_seconds < fast_exit_seconds()) AS fast_exits,
      sum(pnl_usd) FILTER (WHERE hold_seconds < fast_exit_seconds()) AS fast_exits_pnl,
      array_agg(width_bucket(greatest(seconds, 1), v_powers) - 1) AS buckets
    FROM (
      SELECT *, max(running_usd) OVER (ORDER BY closed_at, order_id, part ROWS UNBOUNDED PRECEDING) AS peak_usd
      FROM (
        SELECT closed_at, order_id, part, pnl_usd, cost_basis_usd, hold_seconds, hold_seconds::float8 AS seconds,
          CASE WHEN pnl_usd > breakeven_usd() THEN 1 WHEN pnl_usd < -breakeven_usd() THEN -1 ELSE 0 END AS outcome,
          sum(pnl_usd) OVER (ORDER BY closed_at, order_id, part ROWS UNBOUNDED PRECEDING) AS running_usd
        FROM trades
        WHERE entry_snapshot_id = d.snapshot_id AND closed_at >= d.begins AND closed_at < d.ends AND attribution <> 'manual'
      ) AS closed
    ) AS walked
  ) AS day
  CROSS JOIN LATERAL (
    SELECT count(*) AS sells
    FROM orders
    WHERE bot_id = p_bot_id AND last_filled_at >= d.begins AND last_filled_at < d.ends
      AND unmatched_size > 0 AND snapshot_id = d.snapshot_id
  ) AS unmatched
  WHERE trades > 0 OR sells > 0 OR (s.active_from < d.ends AND coalesce(s.active_until, 'infinity') > d.begins);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  PERFORM replace_experiments_days(p_bot_id, p_dates);
  RETURN v_rows;
END $$;
