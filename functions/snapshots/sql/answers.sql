-- Locks the bot and returns whether this idempotency key was used within the last 7 days. Raises ST422 when it was used for a different
-- request.
CREATE OR REPLACE FUNCTION was_answered(p_request jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_hash text;
BEGIN
  PERFORM lock_bot(p_request->>'bot_id');
  DELETE FROM snapshot_answers WHERE bot_id = p_request->>'bot_id' AND answered_at < clock_timestamp() - interval '7 days';
  SELECT request_hash INTO v_hash
  FROM snapshot_answers
  WHERE bot_id = p_request->>'bot_id' AND idempotency_key = p_request->>'idempotency_key';
  IF v_hash <> p_request->>'request_hash' THEN
    RAISE EXCEPTION 'this Idempotency-Key was used for a different request' USING ERRCODE = 'ST422';
  END IF;
  RETURN v_hash IS NOT NULL;
END $$;

-- Stores the response to a request under its idempotency key.
CREATE OR REPLACE FUNCTION remember_answer(p_request jsonb, p_changed boolean, p_saved strategy_snapshots) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO snapshot_answers (bot_id, idempotency_key, request_hash, changed, notes_differ, snapshot_id, previous_snapshot_id, active_until, notes)
  SELECT p_saved.bot_id, p_request->>'idempotency_key', p_request->>'request_hash', p_changed,
    p_saved.notes IS DISTINCT FROM coalesce(p_request->>'notes', p_saved.notes),
    p_saved.snapshot_id,
    (SELECT snapshot_id FROM strategy_snapshots
     WHERE bot_id = p_saved.bot_id AND active_from < p_saved.active_from
     ORDER BY active_from DESC LIMIT 1),
    p_saved.active_until, p_saved.notes
$$;

-- Returns the rows of a response: the snapshot as it was when the response was first given, and the previous one.
CREATE OR REPLACE FUNCTION snapshot_answer(p_bot_id text, p_key text) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_answer snapshot_answers;
  v_row    strategy_snapshots;
BEGIN
  SELECT * INTO STRICT v_answer FROM snapshot_answers WHERE bot_id = p_bot_id AND idempotency_key = p_key;
  SELECT * INTO STRICT v_row FROM strategy_snapshots s WHERE s.snapshot_id = v_answer.snapshot_id;
  v_row.active_until := v_answer.active_until;
  v_row.notes := v_answer.notes;
  RETURN QUERY SELECT 'saved', v_answer.changed, v_answer.notes_differ, v_row;
  RETURN QUERY SELECT 'previous', v_answer.changed, v_answer.notes_differ, s
               FROM strategy_snapshots s WHERE s.snapshot_id = v_answer.previous_snapshot_id;
END $$;
