-- Returns the snapshot that was active at an instant, if any. It returns a set so that the planner can inline it; a scalar function would
-- be called and planned for each row.
CREATE OR REPLACE FUNCTION active_snapshot(p_bot_id text, p_at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(active_until, 'infinity') > p_at THEN snapshot_id END
  FROM strategy_snapshots
  WHERE bot_id = p_bot_id AND active_from <= p_at
  ORDER BY active_from DESC
  LIMIT 1
$$;
