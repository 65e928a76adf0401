-- Applies a correction with write_matching, and records it. Returns its id and the new version; null when the bot's matching has changed since it was read.
CREATE OR REPLACE FUNCTION correct_fill(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bot        text COLLATE "C" := p_request->>'bot_id';
  v_id         text COLLATE "C" := p_request->>'fill_id';
  v_version    bigint;
  v_correction bigint;
BEGIN
  v_version := write_matching(v_bot, (p_request->>'version')::bigint, p_request->'change');
  IF v_version IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO fill_corrections (bot_id, fill_id, request_hash, reason, before, after)
  VALUES (v_bot, v_id, p_request->>'request_hash', p_request->>'reason', p_request->'before', nullif(p_request->'after', 'null'))
  RETURNING correction_id INTO v_correction;
  RETURN jsonb_build_object('correction_id', v_correction, 'version', v_version);
END $$;

GRANT EXECUTE ON FUNCTION correct_fill(jsonb) TO app;
