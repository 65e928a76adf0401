-- Replaces the blocks of an experiment.
CREATE OR REPLACE FUNCTION put_experiment_blocks(p_experiment_id uuid, p_blocks jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  DELETE FROM experiment_blocks WHERE experiment_id = p_experiment_id;
  INSERT INTO experiment_blocks (experiment_id, pair, arm, starts_at, ends_at, broken_in, void_reason)
  SELECT p_experiment_id, pair, arm, starts_at, ends_at, broken_in, void_reason
  FROM jsonb_populate_recordset(NULL::experiment_blocks, p_blocks);
END $$;

-- Starts an experiment, once per idempotency key, and returns its id. Takes the row of `experiments`, with `arms`, `blocks` and
-- `events`. Raises ST409 when another switchback of the bot is running, ST422 when the key was used for a different request.
CREATE OR REPLACE FUNCTION start_experiment(p_request jsonb) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off AS $$
DECLARE
  v_new     experiments := jsonb_populate_record(NULL::experiments, p_request);
  v_known   experiments;
  v_running uuid;
BEGIN
  PERFORM lock_bot(v_new.bot_id);
  SELECT * INTO v_known FROM experiments WHERE bot_id = v_new.bot_id AND idempotency_key = v_new.idempotency_key;
  IF v_known.request_hash <> v_new.request_hash THEN
    RAISE EXCEPTION 'this Idempotency-Key was used for a different request' USING ERRCODE = 'ST422';
  ELSIF v_known.experiment_id IS NOT NULL THEN
    RETURN v_known.experiment_id;
  END IF;

  SELECT experiment_id INTO v_running
  FROM experiments e
  WHERE bot_id = v_new.bot_id AND design = 'switchback' AND NOT imported AND ends_at > clock_timestamp()
    AND NOT EXISTS (SELECT FROM experiment_events WHERE experiment_id = e.experiment_id AND action = 'stop');
  IF v_running IS NOT NULL AND v_new.design = 'switchback' AND NOT v_new.imported THEN
    RAISE EXCEPTION 'experiment % of this bot is running or scheduled: stop it first', v_running USING ERRCODE = 'ST409';
  END IF;

  INSERT INTO experiments (
    bot_id, design, candidate_bot_id, seed, imported, time_zone, length, settle_days, skip_days, starts_at, starts_on, ends_at, most_days, share,
    hypothesis, effect_usd, plan, idempotency_key, request_hash)
  SELECT
    v_new.bot_id, v_new.design, v_new.candidate_bot_id, v_new.seed, v_new.imported, v_new.time_zone, v_new.length, v_new.settle_days,
    v_new.skip_days, v_new.starts_at, v_new.starts_on, v_new.ends_at, v_new.most_days,
    -- The number of the candidate among those that were tested against this baseline.
    1 + (
      SELECT count(DISTINCT candidate.config_hash)
      FROM experiments e
      JOIN experiment_arms baseline ON baseline.experiment_id = e.experiment_id AND baseline.arm = 'baseline'
      JOIN experiment_arms candidate ON candidate.experiment_id = e.experiment_id AND candidate.arm = 'candidate'
      WHERE e.bot_id = v_new.bot_id AND baseline.config_hash = p_request->'arms'->0->>'config_hash'
        AND candidate.config_hash <> p_request->'arms'->1->>'config_hash'),
    v_new.hypothesis, v_new.effect_usd, v_new.plan, v_new.idempotency_key, v_new.request_hash
  RETURNING * INTO v_new;

  INSERT INTO experiment_arms (experiment_id, arm, config, config_hash, notes, snapshot_id)
  SELECT v_new.experiment_id, arm, config, config_hash, notes, snapshot_id
  FROM jsonb_populate_recordset(NULL::experiment_arms, p_request->'arms');
  PERFORM put_experiment_blocks(v_new.experiment_id, p_request->'blocks');
  IF v_new.design = 'switchback' THEN
    PERFORM replace_experiment_days(v_new.bot_id, v_new.experiment_id, ARRAY(
      SELECT day::date FROM generate_series(v_new.starts_on::timestamp, trading_day(clock_timestamp()) - 1, interval '1 day') AS day));
  END IF;
  RETURN v_new.experiment_id;
END $$;

-- Pauses, resumes or stops an experiment, with the blocks that follow from it. Returns false, and writes nothing, when its events are not
-- those that the caller read. Takes {bot_id, experiment_id, number, action, at, now, by, reason, blocks}.
CREATE OR REPLACE FUNCTION change_experiment(p_request jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off AS $$
DECLARE
  v_event experiment_events := jsonb_populate_record(NULL::experiment_events, p_request);
BEGIN
  PERFORM lock_bot(p_request->>'bot_id');
  IF v_event.number <> (SELECT count(*) + 1 FROM experiment_events WHERE experiment_id = v_event.experiment_id) THEN
    RETURN false;
  END IF;
  INSERT INTO experiment_events SELECT v_event.*;
  IF v_event.action = 'stop' THEN
    UPDATE experiments SET ends_at = v_event.at WHERE experiment_id = v_event.experiment_id;
  END IF;
  PERFORM put_experiment_blocks(v_event.experiment_id, p_request->'blocks');
  -- What was entered in a block that is no longer part of the experiment.
  DELETE FROM experiment_days d
  WHERE experiment_id = v_event.experiment_id
    AND NOT EXISTS (SELECT FROM experiment_blocks b WHERE (b.experiment_id, b.pair, b.arm) = (d.experiment_id, d.pair, d.arm));
  RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION start_experiment(jsonb), change_experiment(jsonb) TO app;
