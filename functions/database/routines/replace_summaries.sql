-- Rows are found one by one: see 0005_match_and_attribute.
--
-- Replaces the given summary rows whole, from what the trades of those days say. A row that neither a period nor a
-- trade calls for is gone afterwards. Returns how many rows stand.
CREATE OR REPLACE FUNCTION replace_summaries(p_bot_id text, p_snapshots bigint[], p_dates date[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_zone   text := trading_time_zone();
  v_powers numeric[] := ARRAY(SELECT power(2::numeric, k) FROM generate_series(0, 40) AS k);
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

  WITH days AS MATERIALIZED (
    SELECT m.snapshot_id, m.date, m.date::timestamp AT TIME ZONE v_zone AS begins, (m.date + 1)::timestamp AT TIME ZONE v_zone AS ends
    FROM unnest(p_snapshots, p_dates) AS m (snapshot_id, date)
  ),
  closed AS (
    SELECT d.snapshot_id, d.date, t.closed_at, t.order_id, t.part, t.pnl_usd, t.hold_seconds, t.cost_basis_usd,
      sum(t.pnl_usd) OVER (PARTITION BY d.snapshot_id, d.date ORDER BY t.closed_at, t.order_id, t.part) AS running_usd
    FROM days d
    CROSS JOIN LATERAL (
      SELECT * FROM trades
      WHERE entry_snapshot_id = d.snapshot_id AND closed_at >= d.begins AND closed_at < d.ends AND attribution <> 'manual' OFFSET 0
    ) AS t
  ),
  walked AS (
    SELECT *, greatest(0, max(running_usd) OVER (PARTITION BY snapshot_id, date ORDER BY closed_at, order_id, part)) AS peak_usd
    FROM closed
  ),
  totals AS (
    SELECT snapshot_id, date,
      count(*) FILTER (WHERE pnl_usd > 0.01) AS winning,
      count(*) FILTER (WHERE pnl_usd < -0.01) AS losing,
      count(*) FILTER (WHERE pnl_usd BETWEEN -0.01 AND 0.01) AS breakeven,
      max(pnl_usd) FILTER (WHERE pnl_usd > 0.01) AS largest_win,
      min(pnl_usd) FILTER (WHERE pnl_usd < -0.01) AS largest_loss,
      coalesce(sum(pnl_usd) FILTER (WHERE pnl_usd > 0.01), 0) AS winning_pnl,
      coalesce(sum(pnl_usd) FILTER (WHERE pnl_usd < -0.01), 0) AS losing_pnl,
      coalesce(sum(pnl_usd) FILTER (WHERE pnl_usd > 0), 0) AS gross_profit,
      coalesce(-sum(pnl_usd) FILTER (WHERE pnl_usd < 0), 0) AS gross_loss,
      max(peak_usd - running_usd) AS drawdown,
      greatest(0, max(running_usd)) AS highest,
      least(0, min(running_usd)) AS lowest,
      sum(hold_seconds) AS held,
      sum(cost_basis_usd) AS cost,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY hold_seconds::float8) AS median_hold,
      count(*) FILTER (WHERE hold_seconds < 60) AS fast_exits,
      coalesce(sum(pnl_usd) FILTER (WHERE hold_seconds < 60), 0) AS fast_exits_pnl
    FROM walked
    GROUP BY snapshot_id, date
  ),
  buckets AS (
    SELECT snapshot_id, date, jsonb_object_agg(bucket, trades) AS hold_time_buckets
    FROM (
      SELECT snapshot_id, date, width_bucket(greatest(hold_seconds, 1), v_powers) - 1 AS bucket, count(*) AS trades
      FROM closed
      GROUP BY snapshot_id, date, bucket
    ) AS counted
    GROUP BY snapshot_id, date
  ),
  unmatched AS (
    SELECT d.snapshot_id, d.date, count(*) AS sells
    FROM days d
    CROSS JOIN LATERAL (
      SELECT FROM orders
      WHERE snapshot_id = d.snapshot_id AND last_filled_at >= d.begins AND last_filled_at < d.ends
        AND side = 'sell' AND unmatched_size > 0 OFFSET 0
    ) AS sell
    GROUP BY d.snapshot_id, d.date
  )
  INSERT INTO strategy_performance_summary (
    snapshot_id, date, bot_id, winning_trades, losing_trades, breakeven_trades, largest_win_usd, largest_loss_usd,
    max_drawdown_usd, median_hold_time_seconds, fast_exits_count, fast_exits_pnl, updated_at, gross_profit_usd, gross_loss_usd,
    cost_basis_usd, winning_pnl_usd, losing_pnl_usd, highest_pnl_usd, lowest_pnl_usd, hold_seconds_sum, hold_time_buckets, unmatched_sells, time_zone)
  SELECT
    d.snapshot_id, d.date, p_bot_id, coalesce(t.winning, 0), coalesce(t.losing, 0), coalesce(t.breakeven, 0), t.largest_win, t.largest_loss,
    coalesce(t.drawdown, 0), t.median_hold, coalesce(t.fast_exits, 0), coalesce(t.fast_exits_pnl, 0), clock_timestamp(),
    coalesce(t.gross_profit, 0), coalesce(t.gross_loss, 0), coalesce(t.cost, 0), coalesce(t.winning_pnl, 0), coalesce(t.losing_pnl, 0),
    coalesce(t.highest, 0), coalesce(t.lowest, 0), coalesce(t.held, 0), coalesce(b.hold_time_buckets, '{}'), coalesce(u.sells, 0), v_zone
  FROM days d
  JOIN strategy_snapshots s ON s.snapshot_id = d.snapshot_id
  LEFT JOIN totals t ON t.snapshot_id = d.snapshot_id AND t.date = d.date
  LEFT JOIN buckets b ON b.snapshot_id = d.snapshot_id AND b.date = d.date
  LEFT JOIN unmatched u ON u.snapshot_id = d.snapshot_id AND u.date = d.date
  WHERE t.snapshot_id IS NOT NULL OR u.snapshot_id IS NOT NULL
    OR (s.active_from < d.ends AND coalesce(s.active_until, 'infinity') > d.begins);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_rows;
END $$;
