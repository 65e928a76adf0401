-- OFFSET 0 keeps a look-up a look-up: as a join, it would read every summary of every bot.
-- Marks the rows that the calendar brings: each day from p_from to p_to that a snapshot's period touches. Rows that
-- stand already are marked too when p_again; otherwise only those that are missing, however long ago.
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
