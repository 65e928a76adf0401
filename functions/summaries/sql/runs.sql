-- Starts a run over days, and returns its id. That of a night is finished by finish_bots, all others by finish_summary_run.
CREATE OR REPLACE FUNCTION begin_summary_run(p_trigger text, p_from date, p_to date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_run bigint;
BEGIN
  -- Of nights that were given up.
  DELETE FROM summarised_bots WHERE run_id IN (SELECT run_id FROM summary_runs WHERE started_at < clock_timestamp() - interval '7 days');
  INSERT INTO summary_runs (trigger, from_date, to_date) VALUES (p_trigger, p_from, p_to) RETURNING run_id INTO v_run;
  RETURN v_run;
END $$;

-- Marks what a run has to recompute of a bot: with p_from every row of the given days; without, what is missing up to p_to, however old, so
-- that missed nights are caught up. Returns the first and the last marked day of the bot, and whether fills of it wait to be matched; no row
-- if there is no such bot.
CREATE OR REPLACE FUNCTION mark_days(p_bot_id text, p_from date, p_to date) RETURNS TABLE (first_day date, last_day date, is_pending boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM bots WHERE bot_id = p_bot_id) THEN
    RETURN;
  END IF;
  PERFORM lock_bot(p_bot_id);
  PERFORM mark_calendar(p_bot_id, coalesce(p_from, '-infinity'), p_to, p_from IS NOT NULL);
  RETURN QUERY SELECT
    (SELECT min(date) FROM marked_days WHERE bot_id = p_bot_id),
    (SELECT max(date) FROM marked_days WHERE bot_id = p_bot_id),
    EXISTS (SELECT FROM books WHERE bot_id = p_bot_id AND pending_from IS NOT NULL);
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

-- Counts bots of a night (an array) as done, with the number of rows and the first day that were recomputed. p_total says how many bots the
-- night has, once that is known; p_error is of one that failed, which is tried again. Returns whether the night is complete now.
CREATE OR REPLACE FUNCTION finish_bots(p_run_id bigint, p_bots jsonb, p_rows integer, p_first_day date, p_total integer, p_error text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' AS $$
DECLARE
  v_complete boolean;
BEGIN
  -- Two that finish at once take turns here, so that the second one sees what the first has counted.
  PERFORM FROM summary_runs WHERE run_id = p_run_id AND outcome <> 'succeeded' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO summarised_bots SELECT p_run_id, bot_id FROM jsonb_array_elements_text(p_bots) AS bot_id ON CONFLICT DO NOTHING;
  v_complete := coalesce((SELECT count(*) FROM summarised_bots WHERE run_id = p_run_id)
    >= coalesce(p_total, (SELECT bots FROM summary_runs WHERE run_id = p_run_id)), false);
  UPDATE summary_runs
  SET bots = coalesce(p_total, bots), rows = rows + p_rows, from_date = least(from_date, p_first_day),
      outcome = CASE WHEN v_complete THEN 'succeeded' WHEN p_error IS NOT NULL THEN 'failed' ELSE outcome END,
      finished_at = CASE WHEN v_complete OR p_error IS NOT NULL THEN clock_timestamp() ELSE finished_at END,
      error = CASE WHEN NOT v_complete THEN coalesce(p_error, error) END
  WHERE run_id = p_run_id;
  IF v_complete THEN
    DELETE FROM summarised_bots WHERE run_id = p_run_id;
  END IF;
  RETURN v_complete;
END $$;

GRANT EXECUTE ON FUNCTION begin_summary_run(text, date, date), mark_days(text, date, date), summarise_step(text, date, date, integer),
  finish_summary_run(bigint, integer, text, text), finish_bots(bigint, jsonb, integer, date, integer, text) TO app;
