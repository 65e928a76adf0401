-- Stores a configuration as a snapshot, or finds the existing snapshot that already represents it.
CREATE OR REPLACE FUNCTION put_snapshot(p_request jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_bot    text := p_request->>'bot_id';
  v_hash   text := p_request->>'config_hash';
  v_from   timestamptz := p_request->>'active_from';
  v_until  timestamptz := p_request->>'active_until';
  v_now    timestamptz := clock_timestamp();
  v_active strategy_snapshots;
  v_saved  strategy_snapshots;
  v_last   timestamptz;
BEGIN
  SELECT * INTO v_active FROM strategy_snapshots WHERE bot_id = v_bot AND active_until IS NULL;

  IF v_active.config_hash = v_hash AND v_until IS NULL AND coalesce(v_from, 'infinity') >= v_active.active_from THEN
    v_saved := v_active;
  ELSE
    SELECT * INTO v_saved
    FROM strategy_snapshots
    WHERE bot_id = v_bot AND active_from = v_from AND config_hash = v_hash
      AND (v_until IS NULL OR active_until = v_until);
  END IF;
  IF v_saved.snapshot_id IS NOT NULL THEN
    UPDATE strategy_snapshots SET notes = coalesce(notes, p_request->>'notes')
    WHERE snapshot_id = v_saved.snapshot_id
    RETURNING * INTO v_saved;
    PERFORM remember_answer(p_request, false, v_saved);
    RETURN;
  END IF;

  IF v_until IS NULL THEN
    SELECT max(coalesce(active_until, active_from + interval '1 microsecond')) INTO v_last FROM strategy_snapshots WHERE bot_id = v_bot;
    v_from := CASE WHEN v_from <= v_now THEN v_from ELSE greatest(v_now, v_last) END;
    IF v_from < v_last THEN
      RAISE EXCEPTION 'active_from must be after the start of the active snapshot (%)', v_active.snapshot_id USING ERRCODE = 'ST409';
    END IF;
    UPDATE strategy_snapshots SET active_until = v_from WHERE snapshot_id = v_active.snapshot_id;
  ELSIF EXISTS (SELECT FROM strategy_snapshots WHERE bot_id = v_bot AND tstzrange(active_from, active_until) && tstzrange(v_from, v_until)) THEN
    RAISE EXCEPTION 'the period from active_from to active_until overlaps an existing snapshot' USING ERRCODE = 'ST409';
  END IF;

  INSERT INTO strategy_snapshots (
    bot_id, active_from, active_until, score_buy_target, score_sell_target, indicator_weights, rsi_buy_threshold, rsi_sell_threshold,
    roc_buy_threshold, roc_sell_threshold, macd_signal_threshold, tp_threshold, sl_threshold, cooldown_bars, flip_hysteresis_pct,
    min_indicators_required, excluded_symbols, max_spread_pct, config_hash, notes, created_by, config, rollback_of)
  SELECT
    v_bot, v_from, v_until, score_buy_target, score_sell_target, indicator_weights, rsi_buy_threshold, rsi_sell_threshold,
    roc_buy_threshold, roc_sell_threshold, macd_signal_threshold, tp_threshold, sl_threshold, cooldown_bars, flip_hysteresis_pct,
    min_indicators_required, excluded_symbols, max_spread_pct, v_hash, p_request->>'notes', p_request->>'created_by',
    p_request->>'config', (p_request->>'rollback_of')::uuid
  FROM jsonb_populate_record(NULL::strategy_snapshots, p_request->'settings')
  RETURNING * INTO v_saved;

  PERFORM settle_period(v_bot, v_from, coalesce(v_until, 'infinity'));
  PERFORM remember_answer(p_request, true, v_saved);
END $$;

-- Saves a snapshot. Takes {bot_id, config, config_hash, settings, notes, created_by, active_from, active_until, idempotency_key,
-- request_hash}.
CREATE OR REPLACE FUNCTION save_snapshot(p_request jsonb) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF NOT was_answered(p_request) THEN
    PERFORM put_snapshot(p_request);
  END IF;
  RETURN QUERY SELECT * FROM snapshot_answer(p_request->>'bot_id', p_request->>'idempotency_key');
END $$;

GRANT EXECUTE ON FUNCTION save_snapshot(jsonb) TO app;
