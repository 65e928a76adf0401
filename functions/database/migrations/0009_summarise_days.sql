-- Marks the rows that the calendar brings: each day from p_from to p_to that a snapshot's period touches. Rows that
-- stand already are marked too when p_again; otherwise only those that are missing, however long ago.
CREATE FUNCTION mark_calendar(p_bot_id text, p_from date, p_to date, p_again boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT s.bot_id, s.snapshot_id, d::date
  FROM strategy_snapshots s
  CROSS JOIN LATERAL generate_series(
    greatest(trading_day(s.active_from), p_from)::timestamp,
    least(trading_day(s.active_until - interval '1 microsecond'), p_to)::timestamp,
    interval '1 day') AS d
  WHERE s.bot_id = p_bot_id
    AND (p_again OR NOT EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = s.snapshot_id AND row.date = d::date))
  ON CONFLICT (snapshot_id, date) DO NOTHING;

  IF p_again THEN
    INSERT INTO marked_days (bot_id, snapshot_id, date)
    SELECT bot_id, snapshot_id, date
    FROM strategy_performance_summary
    WHERE bot_id = p_bot_id AND date BETWEEN p_from AND p_to
    ON CONFLICT (snapshot_id, date) DO NOTHING;
  END IF;
END $$;

-- Replaces the given summary rows whole, from what the trades of those days say. A row that neither a period nor a
-- trade calls for is gone afterwards. Returns how many rows stand.
CREATE FUNCTION replace_summaries(p_bot_id text, p_snapshots bigint[], p_dates date[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_zone   text := trading_time_zone();
  v_powers numeric[] := ARRAY(SELECT power(2::numeric, k) FROM generate_series(0, 40) AS k);
  v_rows   integer;
BEGIN
  DELETE FROM strategy_performance_summary
  WHERE (snapshot_id, date) IN (SELECT * FROM unnest(p_snapshots, p_dates));

  WITH days AS MATERIALIZED (
    SELECT m.snapshot_id, m.date, m.date::timestamp AT TIME ZONE v_zone AS begins, (m.date + 1)::timestamp AT TIME ZONE v_zone AS ends
    FROM unnest(p_snapshots, p_dates) AS m (snapshot_id, date)
  ),
  closed AS (
    SELECT d.snapshot_id, d.date, t.closed_at, t.order_id, t.part, t.pnl_usd, t.hold_seconds, t.cost_basis_usd,
      sum(t.pnl_usd) OVER (PARTITION BY d.snapshot_id, d.date ORDER BY t.closed_at, t.order_id, t.part) AS running_usd
    FROM days d
    JOIN trades t ON t.entry_snapshot_id = d.snapshot_id AND t.closed_at >= d.begins AND t.closed_at < d.ends AND t.attribution <> 'manual'
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
    JOIN orders o ON o.snapshot_id = d.snapshot_id AND o.last_filled_at >= d.begins AND o.last_filled_at < d.ends
      AND o.side = 'sell' AND o.unmatched_size > 0
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

-- Opens a run over the bots named (all, when null) and returns {run_id, bots}. With p_from it marks every row of those
-- days, whatever stands there; without, it marks what is missing up to p_to, however long ago: missed nights catch up.
CREATE FUNCTION begin_summary_run(p_trigger text, p_bot_id text, p_from date, p_to date) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bots text[];
  v_run  bigint;
BEGIN
  SELECT coalesce(array_agg(bot_id ORDER BY bot_id), '{}') INTO v_bots FROM bots WHERE bot_id = coalesce(p_bot_id, bot_id);
  PERFORM lock_bot(bot_id) FROM unnest(v_bots) AS bot_id;
  PERFORM mark_calendar(bot_id, coalesce(p_from, '-infinity'), p_to, p_from IS NOT NULL) FROM unnest(v_bots) AS bot_id;

  INSERT INTO summary_runs (trigger, from_date, to_date)
  SELECT p_trigger, coalesce(p_from, min(date), p_to), p_to
  FROM marked_days
  WHERE bot_id = ANY (v_bots) AND date <= p_to
  RETURNING run_id INTO v_run;
  RETURN jsonb_build_object('run_id', v_run, 'bots', v_bots);
END $$;

-- One bounded step of a run: finishes pending matches, then recomputes at most p_limit marked rows of a bot, the
-- oldest first: those from p_from to p_to, or, without p_to, those from p_from on that stand already (today's does only
-- when somebody asked for it: a day is summarised when it is over). Returns how many rows now stand, and the day to go
-- on with.
CREATE FUNCTION summarise_step(p_bot_id text, p_from date, p_to date, p_limit integer) RETURNS TABLE (rows integer, next_from date)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_snapshots bigint[];
  v_dates     date[];
BEGIN
  PERFORM lock_bot(p_bot_id);
  PERFORM match_pending(p_bot_id, '{}', 20000);
  IF EXISTS (SELECT FROM pending_matches WHERE bot_id = p_bot_id) THEN
    RETURN QUERY SELECT 0, p_from;
    RETURN;
  END IF;

  WITH done AS (
    DELETE FROM marked_days
    WHERE (snapshot_id, date) IN (
      SELECT m.snapshot_id, m.date
      FROM marked_days m
      WHERE m.bot_id = p_bot_id AND m.date BETWEEN p_from AND coalesce(p_to, 'infinity')
        AND (p_to IS NOT NULL OR EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = m.snapshot_id AND row.date = m.date))
      ORDER BY m.date, m.snapshot_id
      LIMIT p_limit)
    RETURNING snapshot_id, date
  )
  SELECT array_agg(snapshot_id), array_agg(date) INTO v_snapshots, v_dates FROM done;

  RETURN QUERY
    SELECT replace_summaries(p_bot_id, coalesce(v_snapshots, '{}'), coalesce(v_dates, '{}')),
      (SELECT min(m.date)
       FROM marked_days m
       WHERE m.bot_id = p_bot_id AND m.date BETWEEN p_from AND coalesce(p_to, 'infinity')
         AND (p_to IS NOT NULL OR EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = m.snapshot_id AND row.date = m.date)));
END $$;

CREATE FUNCTION finish_summary_run(p_run_id bigint, p_rows integer, p_outcome text, p_error text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE summary_runs SET rows = p_rows, outcome = p_outcome, error = p_error, finished_at = clock_timestamp() WHERE run_id = p_run_id
$$;

-- Sets the zone of trading days. A change marks every row of the old days and of the new.
CREATE FUNCTION set_trading_time_zone(p_zone text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_zone = trading_time_zone() THEN
    RETURN false;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = p_zone) THEN
    RAISE EXCEPTION 'the database knows no time zone %', p_zone;
  END IF;
  PERFORM lock_bot(bot_id) FROM (SELECT bot_id FROM bots ORDER BY bot_id) AS bot;
  UPDATE trading_calendar SET time_zone = p_zone;
  PERFORM mark_calendar(bot_id, '-infinity', trading_day(clock_timestamp()) - 1, true) FROM bots;
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT bot_id, snapshot_id, date FROM strategy_performance_summary
  UNION
  SELECT DISTINCT bot_id, entry_snapshot_id, (closed_at AT TIME ZONE p_zone)::date FROM trades
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;
  PERFORM mark_unmatched_sells(bot_id, ARRAY(SELECT o.order_id FROM orders o WHERE o.bot_id = bots.bot_id AND o.unmatched_size > 0)) FROM bots;
  RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
  begin_summary_run(text, text, date, date), summarise_step(text, date, date, integer), finish_summary_run(bigint, integer, text, text)
TO app;
