-- Corrects a fill: {bot_id, fill_id, reason, request_hash, void, changes, usd_per_quote, symbol, quote_usd}. `changes` has the
-- fields that were wrong; `symbol` and `quote_usd` are those that usd_per_quote was told from. Matches again and marks the days
-- that it touches. Returns {changed, correction_id}; the same request again, however late, changes nothing.
CREATE OR REPLACE FUNCTION correct_fill(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bot        text COLLATE "C" := p_request->>'bot_id';
  v_id         text COLLATE "C" := p_request->>'fill_id';
  v_void       boolean := (p_request->>'void')::boolean;
  v_old        fills;
  v_new        fills;
  v_orders     text[];
  v_correction bigint;
BEGIN
  PERFORM FROM bots WHERE bot_id = v_bot FOR NO KEY UPDATE;
  SELECT correction_id INTO v_correction
  FROM fill_corrections
  WHERE bot_id = v_bot AND fill_id = v_id AND request_hash = p_request->>'request_hash';
  IF FOUND THEN
    RETURN jsonb_build_object('changed', false, 'correction_id', v_correction);
  END IF;

  SELECT * INTO v_old FROM fills WHERE bot_id = v_bot AND fill_id = v_id;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM fill_corrections WHERE bot_id = v_bot AND fill_id = v_id) THEN
      RAISE EXCEPTION 'fill % is void: record what happened as another fill', v_id USING ERRCODE = 'ST409';
    END IF;
    RAISE EXCEPTION 'bot % has no fill %', v_bot, v_id USING ERRCODE = 'ST404';
  END IF;
  IF (v_old.symbol, v_old.quote_usd) IS DISTINCT FROM (p_request->>'symbol', (p_request->>'quote_usd')::numeric) THEN
    RAISE EXCEPTION 'fill % was corrected meanwhile: try again', v_id USING ERRCODE = 'ST409';
  END IF;

  v_new := jsonb_populate_record(v_old, p_request->'changes');
  v_new.price_usd := v_new.price * (p_request->>'usd_per_quote')::numeric;
  IF NOT v_void AND fill_content(v_new) = fill_content(v_old) THEN
    RETURN jsonb_build_object('changed', false, 'correction_id', NULL);
  END IF;

  v_orders := release_fill(v_old);
  PERFORM mark_unmatched_sells(v_bot, ARRAY[v_old.order_id]);
  DELETE FROM fills WHERE bot_id = v_bot AND fill_id = v_id;
  INSERT INTO fill_corrections (bot_id, fill_id, request_hash, reason, before, after)
  VALUES (v_bot, v_id, p_request->>'request_hash', p_request->>'reason', fill_content(v_old), CASE WHEN NOT v_void THEN fill_content(v_new) END)
  RETURNING correction_id INTO v_correction;

  IF NOT v_void THEN
    INSERT INTO fills SELECT v_new.*;
    PERFORM open_lot(v_new);
    PERFORM match_again_from(ARRAY[v_new]);
    v_orders := v_orders || v_new.order_id;
  END IF;
  IF EXISTS (SELECT FROM fills WHERE bot_id = v_bot AND order_id = v_old.order_id) THEN
    v_orders := v_orders || v_old.order_id;
  ELSE
    PERFORM forget_order(v_bot, v_old.order_id);
  END IF;
  PERFORM update_orders(v_bot, ARRAY(SELECT DISTINCT unnest(v_orders)));
  -- Of an order that both bought and sold, this may have been the last that it sold.
  PERFORM rebuild_trades(v_bot, ARRAY[v_old.order_id]);
  -- And the client's id that it bore may stand for one order now.
  v_orders := ARRAY(SELECT order_id FROM orders WHERE client_order_id = v_old.client_order_id AND bot_id = v_bot);
  IF v_orders <> '{}' THEN
    PERFORM rebuild_trades(v_bot, sells_that_depend_on(v_bot, attribute_orders(v_bot, v_orders)));
  END IF;
  RETURN jsonb_build_object('changed', true, 'correction_id', v_correction);
END $$;

GRANT EXECUTE ON FUNCTION correct_fill(jsonb) TO app;
