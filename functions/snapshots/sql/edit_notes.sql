-- Replaces the notes of a snapshot and keeps the earlier ones. Returns whether they changed; null when there is no such snapshot.
CREATE OR REPLACE FUNCTION edit_notes(p_snapshot_id uuid, p_notes text, p_edited_by text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' AS $$
DECLARE
  v_bot    text COLLATE "C";
  v_before text;
BEGIN
  SELECT bot_id INTO v_bot FROM strategy_snapshots WHERE snapshot_id = p_snapshot_id;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM lock_bot(v_bot);
  SELECT notes INTO v_before FROM strategy_snapshots WHERE snapshot_id = p_snapshot_id;
  IF v_before IS NOT DISTINCT FROM p_notes THEN
    RETURN false;
  END IF;
  UPDATE strategy_snapshots SET notes = p_notes WHERE snapshot_id = p_snapshot_id;
  INSERT INTO notes_edits (bot_id, snapshot_id, before, after, edited_by)
  VALUES (v_bot, p_snapshot_id, v_before, p_notes, p_edited_by);
  RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION edit_notes(uuid, text, text) TO app;
