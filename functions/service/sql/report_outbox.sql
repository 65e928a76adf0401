-- Records how the outbox of a bot's client stands; an earlier report changes nothing. Returns the recorded one.
CREATE OR REPLACE FUNCTION report_outbox(p_request jsonb) RETURNS SETOF outboxes
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off AS $$
DECLARE
  v_bot text COLLATE "C" := p_request->>'bot_id';
BEGIN
  PERFORM lock_bot(v_bot);
  INSERT INTO outboxes AS known (bot_id, waiting, refused, turned_away, damaged, last_refusal, at)
  SELECT v_bot, waiting, refused, turned_away, damaged, last_refusal, at
  FROM jsonb_to_record(p_request) AS r (waiting integer, refused integer, turned_away integer, damaged integer, last_refusal text, at timestamptz)
  ON CONFLICT (bot_id) DO UPDATE
    SET waiting = excluded.waiting, refused = excluded.refused, turned_away = excluded.turned_away, damaged = excluded.damaged,
      last_refusal = excluded.last_refusal, at = excluded.at
    WHERE excluded.at >= known.at;
  RETURN QUERY SELECT * FROM outboxes WHERE bot_id = v_bot;
END $$;

GRANT EXECUTE ON FUNCTION report_outbox(jsonb) TO app;
