-- Starts a run for one bot, or for all when p_bot_id is null, and returns {run_id, bots}. With p_from it marks every row of the given
-- days; without, it marks what is missing up to p_to, however old, so that missed nights are caught up.
CREATE OR REPLACE FUNCTION begin_summary_run(p_trigger text, p_bot_id text, p_from date, p_to date) RETURNS jsonb
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

-- Executes one bounded step of a run: recomputes at most p_limit marked rows of a bot, oldest first. With
-- p_to these are the rows from p_from to p_to; without, only existing rows from p_from on, since a day is summarized once it is over
-- unless requested earlier. Returns the number of rows written, and the day to continue with.
CREATE OR REPLACE FUNCTION summarise_step(p_bot_id text, p_from date, p_to date, p_limit integer) RETURNS TABLE (rows integer, next_from date)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_snapshots uuid[];
  v_dates     date[];
BEGIN
  PERFORM lock_bot(p_bot_id);
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

CREATE OR REPLACE FUNCTION finish_summary_run(p_run_id bigint, p_rows integer, p_outcome text, p_error text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE summary_runs SET rows = p_rows, outcome = p_outcome, error = p_error, finished_at = clock_timestamp() WHERE run_id = p_run_id
$$;

GRANT EXECUTE ON FUNCTION begin_summary_run(text, text, date, date), summarise_step(text, date, date, integer), finish_summary_run(bigint, integer, text, text) TO app;
