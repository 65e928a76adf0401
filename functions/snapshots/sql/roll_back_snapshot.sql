-- Rolls back to an earlier configuration, as a new snapshot. Takes {bot_id, snapshot_id, notes, idempotency_key, request_hash}. Without
-- snapshot_id the target is the snapshot before the active one; if the active one is itself a rollback it stays, so that a retry does
-- not swing back.
CREATE OR REPLACE FUNCTION roll_back_snapshot(p_request jsonb) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bot    text := p_request->>'bot_id';
  v_active strategy_snapshots;
  v_target strategy_snapshots;
BEGIN
  IF NOT was_answered(p_request) THEN
    SELECT * INTO v_active FROM strategy_snapshots WHERE bot_id = v_bot AND active_until IS NULL;
    IF p_request->>'snapshot_id' IS NOT NULL THEN
      SELECT * INTO v_target FROM strategy_snapshots WHERE bot_id = v_bot AND snapshot_id = (p_request->>'snapshot_id')::uuid;
    ELSIF v_active.rollback_of IS NOT NULL THEN
      v_target := v_active;
    ELSE
      SELECT * INTO v_target FROM strategy_snapshots
      WHERE bot_id = v_bot AND active_from < v_active.active_from
      ORDER BY active_from DESC LIMIT 1;
    END IF;
    IF v_target.snapshot_id IS NULL THEN
      RAISE EXCEPTION 'bot % has no snapshot % to roll back to', v_bot, coalesce(p_request->>'snapshot_id', 'before the active one') USING ERRCODE = 'ST404';
    END IF;
    PERFORM put_snapshot(p_request || jsonb_build_object(
      'config', v_target.config, 'config_hash', v_target.config_hash, 'settings', to_jsonb(v_target), 'rollback_of', v_target.snapshot_id));
  END IF;
  RETURN QUERY SELECT * FROM snapshot_answer(v_bot, p_request->>'idempotency_key');
END $$;

GRANT EXECUTE ON FUNCTION roll_back_snapshot(jsonb) TO app;
