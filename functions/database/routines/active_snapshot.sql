-- The snapshot that was active at an instant, or none: what snapshot_at answers, but returned as a set, which the planner makes part
-- of the statement that asks. A function that returns a value is called, and planned, for each write.
CREATE OR REPLACE FUNCTION active_snapshot(p_bot_id text, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(active_until, 'infinity') > p_at THEN snapshot_id END
  FROM strategy_snapshots
  WHERE bot_id = p_bot_id AND active_from <= p_at
  ORDER BY active_from DESC
  LIMIT 1
$$;
