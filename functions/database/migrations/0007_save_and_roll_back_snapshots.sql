-- Orders and links that the snapshot of a period may have won or lost: settled again, with their trades.
CREATE FUNCTION settle_period(p_bot_id text, p_from timestamptz, p_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_orders  text[];
  v_changed text[];
BEGIN
  UPDATE trade_strategy_link
  SET snapshot_id = snapshot_at(p_bot_id, attributed_at)
  WHERE bot_id = p_bot_id AND NOT snapshot_given AND attributed_at >= p_from AND attributed_at < p_until;

  SELECT array_agg(order_id) INTO v_orders
  FROM (
    SELECT order_id FROM orders
    WHERE bot_id = p_bot_id AND attributed_at >= p_from AND attributed_at < p_until
    UNION
    SELECT order_id FROM trade_strategy_link
    WHERE bot_id = p_bot_id AND NOT snapshot_given AND attributed_at >= p_from AND attributed_at < p_until AND order_id IS NOT NULL
  ) AS touched;
  IF v_orders IS NOT NULL THEN
    v_changed := attribute_orders(p_bot_id, v_orders);
    PERFORM rebuild_trades(p_bot_id, sells_that_depend_on(p_bot_id, v_changed));
  END IF;

  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT summary.bot_id, summary.snapshot_id, summary.date
  FROM strategy_performance_summary summary
  WHERE summary.bot_id = p_bot_id AND summary.date BETWEEN trading_day(p_from) AND trading_day(p_until)
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;

-- The rows of an answer: the snapshot as it stood when the answer was first given, and the one before it.
CREATE FUNCTION snapshot_answer(p_bot_id text, p_key text) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
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

-- Locks the bot and says whether this request was answered within the last 7 days.
CREATE FUNCTION was_answered(p_request jsonb) RETURNS boolean
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
    RAISE EXCEPTION 'this Idempotency-Key was used for another request' USING ERRCODE = 'ST422';
  END IF;
  RETURN v_hash IS NOT NULL;
END $$;

CREATE FUNCTION remember_answer(p_request jsonb, p_changed boolean, p_saved strategy_snapshots) RETURNS void
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

-- Stores a configuration as a snapshot, or finds the one that stands for it already.
CREATE FUNCTION put_snapshot(p_request jsonb) RETURNS void
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
      RAISE EXCEPTION 'active_from must come after the start of the active snapshot (%)', v_active.snapshot_id USING ERRCODE = 'ST409';
    END IF;
    UPDATE strategy_snapshots SET active_until = v_from WHERE snapshot_id = v_active.snapshot_id;
  ELSIF EXISTS (SELECT FROM strategy_snapshots WHERE bot_id = v_bot AND tstzrange(active_from, active_until) && tstzrange(v_from, v_until)) THEN
    RAISE EXCEPTION 'the period from active_from to active_until overlaps a snapshot that stands there already' USING ERRCODE = 'ST409';
  END IF;

  INSERT INTO strategy_snapshots (
    bot_id, active_from, active_until, score_buy_target, score_sell_target, indicator_weights, rsi_buy_threshold, rsi_sell_threshold,
    roc_buy_threshold, roc_sell_threshold, macd_signal_threshold, tp_threshold, sl_threshold, cooldown_bars, flip_hysteresis_pct,
    min_indicators_required, excluded_symbols, max_spread_pct, config_hash, notes, created_by, config, rollback_of)
  SELECT
    v_bot, v_from, v_until, score_buy_target, score_sell_target, indicator_weights, rsi_buy_threshold, rsi_sell_threshold,
    roc_buy_threshold, roc_sell_threshold, macd_signal_threshold, tp_threshold, sl_threshold, cooldown_bars, flip_hysteresis_pct,
    min_indicators_required, excluded_symbols, max_spread_pct, v_hash, p_request->>'notes', p_request->>'created_by',
    p_request->>'config', (p_request->>'rollback_of')::bigint
  FROM jsonb_populate_record(NULL::strategy_snapshots, p_request->'settings')
  RETURNING * INTO v_saved;

  PERFORM settle_period(v_bot, v_from, coalesce(v_until, 'infinity'));
  PERFORM remember_answer(p_request, true, v_saved);
END $$;

-- {bot_id, config, config_hash, settings, notes, created_by, active_from, active_until, idempotency_key, request_hash}
CREATE FUNCTION save_snapshot(p_request jsonb) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF NOT was_answered(p_request) THEN
    PERFORM put_snapshot(p_request);
  END IF;
  RETURN QUERY SELECT * FROM snapshot_answer(p_request->>'bot_id', p_request->>'idempotency_key');
END $$;

-- {bot_id, snapshot_id, notes, idempotency_key, request_hash}: makes an earlier configuration active again, as a new
-- snapshot. Without snapshot_id it is the one before the active; an active snapshot that is itself a rollback then
-- stays, so that a retry does not swing back.
CREATE FUNCTION roll_back_snapshot(p_request jsonb) RETURNS TABLE (part text, changed boolean, notes_differ boolean, snapshot strategy_snapshots)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bot    text := p_request->>'bot_id';
  v_active strategy_snapshots;
  v_target strategy_snapshots;
BEGIN
  IF NOT was_answered(p_request) THEN
    SELECT * INTO v_active FROM strategy_snapshots WHERE bot_id = v_bot AND active_until IS NULL;
    IF p_request->>'snapshot_id' IS NOT NULL THEN
      SELECT * INTO v_target FROM strategy_snapshots WHERE bot_id = v_bot AND snapshot_id = (p_request->>'snapshot_id')::bigint;
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

GRANT EXECUTE ON FUNCTION save_snapshot(jsonb), roll_back_snapshot(jsonb) TO app;
