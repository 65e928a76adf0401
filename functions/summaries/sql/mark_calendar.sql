-- Marks the summary rows that the calendar requires: one for each snapshot and each day from p_from to p_to that its period touches. With
-- p_again it marks existing rows too, otherwise only missing ones, however old.
-- OFFSET 0 makes the planner look rows up one by one: as a join, it would read every summary of every bot.
CREATE OR REPLACE FUNCTION mark_calendar(p_bot_id text, p_from date, p_to date, p_again boolean) RETURNS void
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
    AND (p_again OR NOT EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = s.snapshot_id AND row.date = d::date OFFSET 0))
  ON CONFLICT (snapshot_id, date) DO NOTHING;

  IF p_again THEN
    INSERT INTO marked_days (bot_id, snapshot_id, date)
    SELECT bot_id, snapshot_id, date
    FROM strategy_performance_summary
    WHERE bot_id = p_bot_id AND date BETWEEN p_from AND p_to
    ON CONFLICT (snapshot_id, date) DO NOTHING;
  END IF;
END $$;

-- Sets the time zone of trading days. A change marks every row, of the old and of the new days.
CREATE OR REPLACE FUNCTION set_trading_time_zone(p_zone text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_zone = trading_time_zone() THEN
    RETURN false;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = p_zone) THEN
    RAISE EXCEPTION 'the database does not know the time zone %', p_zone;
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
  PERFORM mark_unmatched_orders(bot_id, ARRAY(SELECT o.order_id FROM orders o WHERE o.bot_id = bots.bot_id AND o.unmatched_size > 0)) FROM bots;
  RETURN true;
END $$;
