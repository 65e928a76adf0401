-- One bounded step of a run: finishes pending matches, then recomputes at most p_limit marked rows of a bot, the
-- oldest first: those from p_from to p_to, or, without p_to, those from p_from on that stand already (today's does only
-- when somebody asked for it: a day is summarised when it is over). Returns how many rows now stand, and the day to go
-- on with.
CREATE OR REPLACE FUNCTION summarise_step(p_bot_id text, p_from date, p_to date, p_limit integer) RETURNS TABLE (rows integer, next_from date)
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
        AND (p_to IS NOT NULL OR EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = m.snapshot_id AND row.date = m.date OFFSET 0))
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
         AND (p_to IS NOT NULL OR EXISTS (SELECT FROM strategy_performance_summary row WHERE row.snapshot_id = m.snapshot_id AND row.date = m.date OFFSET 0)));
END $$;
