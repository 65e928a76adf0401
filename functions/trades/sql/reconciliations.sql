-- Records the last comparison of a bot with the records of its own tool; an earlier one changes nothing. Returns the recorded one.
CREATE OR REPLACE FUNCTION record_reconciliation(p_request jsonb) RETURNS SETOF reconciliations
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off AS $$
DECLARE
  v_bot text COLLATE "C" := p_request->>'bot_id';
BEGIN
  IF NOT EXISTS (SELECT FROM bots WHERE bot_id = v_bot) THEN
    RAISE EXCEPTION 'there is no bot %', v_bot USING ERRCODE = 'ST404';
  END IF;
  PERFORM lock_bot(v_bot);
  INSERT INTO reconciliations AS known (bot_id, source, compared, agreed, differences, at)
  VALUES (v_bot, p_request->>'source', (p_request->>'compared')::integer, (p_request->>'agreed')::integer, p_request->'differences',
    (p_request->>'at')::timestamptz)
  ON CONFLICT (bot_id, source) DO UPDATE
    SET compared = excluded.compared, agreed = excluded.agreed, differences = excluded.differences, at = excluded.at
    WHERE excluded.at >= known.at;
  RETURN QUERY SELECT * FROM reconciliations WHERE bot_id = v_bot AND source = p_request->>'source';
END $$;

GRANT EXECUTE ON FUNCTION record_reconciliation(jsonb) TO app;
