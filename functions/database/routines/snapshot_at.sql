-- The snapshot that was active at an instant, or null. Its plan is kept, which that of a function in SQL is not.
CREATE OR REPLACE FUNCTION snapshot_at(p_bot_id text, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT CASE WHEN active_until IS NULL OR active_until > p_at THEN snapshot_id END
    FROM strategy_snapshots
    WHERE bot_id = p_bot_id AND active_from <= p_at
    ORDER BY active_from DESC
    LIMIT 1
  );
END $$;
