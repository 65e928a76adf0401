-- Sets who gets the reports of a bot, and when: {bot_id, recipients, time_zone, quiet_hours: {from, until}}; recipients null: those of the
-- deployment.
CREATE OR REPLACE FUNCTION set_bot(p_request jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' AS $$
DECLARE
  v_bot  text COLLATE "C" := p_request->>'bot_id';
  v_zone text := p_request->>'time_zone';
BEGIN
  IF NOT EXISTS (SELECT FROM bots WHERE bot_id = v_bot) THEN
    RAISE EXCEPTION 'there is no bot %', v_bot USING ERRCODE = 'ST404';
  END IF;
  IF v_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = v_zone) THEN
    RAISE EXCEPTION 'the database does not know the time zone %', v_zone USING ERRCODE = 'ST409';
  END IF;
  PERFORM lock_bot(v_bot);
  IF p_request->>'recipients' IS NULL THEN
    DELETE FROM report_recipients WHERE bot_id = v_bot;
    RETURN;
  END IF;
  INSERT INTO report_recipients AS known (bot_id, list_id, recipients, time_zone, quiet_from, quiet_until)
  VALUES (v_bot, md5((p_request - 'bot_id')::text), ARRAY(SELECT jsonb_array_elements_text(p_request->'recipients')), v_zone,
    (p_request #>> '{quiet_hours,from}')::time, (p_request #>> '{quiet_hours,until}')::time)
  ON CONFLICT (bot_id) DO UPDATE
    SET list_id = excluded.list_id, recipients = excluded.recipients, time_zone = excluded.time_zone, quiet_from = excluded.quiet_from,
      quiet_until = excluded.quiet_until, set_at = excluded.set_at;
END $$;

GRANT EXECUTE ON FUNCTION set_bot(jsonb) TO app;
