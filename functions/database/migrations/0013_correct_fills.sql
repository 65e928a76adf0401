-- What was wrong with a fill, and what stood there before: kept for ever. `fills` holds what is true now; a fill that was void
-- stands here alone, so that it is known when it is sent again.
CREATE TABLE fill_corrections (
  correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bot_id        text COLLATE "C" NOT NULL REFERENCES bots,
  fill_id       text COLLATE "C" NOT NULL,
  request_hash  text NOT NULL,
  reason        text NOT NULL,
  before        jsonb NOT NULL,
  after         jsonb,
  corrected_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (bot_id, fill_id, request_hash)
);
CREATE INDEX fill_corrections_by_bot ON fill_corrections (bot_id, correction_id);
CREATE INDEX fill_corrections_by_fill ON fill_corrections (bot_id, fill_id, correction_id);

-- What was said of a fill, as JSON; decimals as text, as exact as they came.
CREATE FUNCTION fill_content(p_fill fills) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'order_id', p_fill.order_id, 'symbol', p_fill.symbol, 'side', p_fill.side, 'price', p_fill.price::text, 'size', p_fill.size::text,
    'fee_usd', p_fill.fee_usd::text, 'quote_usd', p_fill.quote_usd::text,
    'filled_at', to_char(p_fill.filled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'placed_at', to_char(p_fill.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'client_order_id', p_fill.client_order_id, 'source', p_fill.source)
$$;

-- What a fill says otherwise than the one that is known, or null. What it leaves out is no difference.
CREATE FUNCTION fill_differences(p_known fills, p_given fills) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('%s is %s here', field, coalesce(fill_content(p_known)->>field, 'null')), ', ')
  FROM (VALUES
    ('order_id', p_known.order_id <> p_given.order_id),
    ('symbol', p_known.symbol <> p_given.symbol),
    ('side', p_known.side <> p_given.side),
    ('price', p_known.price <> p_given.price),
    ('size', p_known.size <> p_given.size),
    ('quote_usd', p_known.quote_usd IS DISTINCT FROM coalesce(p_given.quote_usd, p_known.quote_usd)),
    ('filled_at', p_known.filled_at <> p_given.filled_at),
    ('placed_at', p_known.placed_at IS DISTINCT FROM coalesce(p_given.placed_at, p_known.placed_at)),
    ('fee_usd', p_known.fee_usd <> p_given.fee_usd),
    ('client_order_id', p_known.client_order_id <> p_given.client_order_id),
    ('source', p_known.source <> p_given.source)
  ) AS difference (field, differs)
  WHERE differs
$$;

-- Remembers from where on a symbol has to be matched again: the earliest of all that is known.
CREATE FUNCTION match_again_from(p_fill fills) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO pending_matches AS p (bot_id, symbol, from_at, from_fill_id)
  VALUES (p_fill.bot_id, p_fill.symbol, p_fill.filled_at, CASE WHEN p_fill.side = 'sell' THEN p_fill.fill_id ELSE '' END)
  ON CONFLICT (bot_id, symbol) DO UPDATE
  SET from_at = excluded.from_at, from_fill_id = excluded.from_fill_id
  WHERE (excluded.from_at, excluded.from_fill_id) < (p.from_at, p.from_fill_id)
$$;

-- Takes the pieces of a fill back and gives their other sides their sizes and fees again. Returns the sell orders they were of.
CREATE FUNCTION release_fill(p_fill fills) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_orders text[];
BEGIN
  WITH gone AS (
    DELETE FROM allocations a
    USING (
      SELECT ctid AS row FROM allocations WHERE bot_id = p_fill.bot_id AND sell_fill_id = p_fill.fill_id
      UNION
      SELECT ctid FROM allocations WHERE bot_id = p_fill.bot_id AND buy_order_id = p_fill.order_id AND buy_fill_id = p_fill.fill_id
    ) AS of_it
    WHERE a.ctid = of_it.row
    RETURNING a.*
  ),
  given_back AS (
    UPDATE fills f
    SET open_size = f.open_size + piece.size, open_fee_usd = f.open_fee_usd + piece.fee
    FROM (
      SELECT other.ctid AS row, sum(pieces.size) AS size, sum(pieces.fee) AS fee
      FROM (
        SELECT sell_fill_id AS fill_id, size, sell_fee_usd AS fee FROM gone WHERE sell_fill_id <> p_fill.fill_id
        UNION ALL
        SELECT buy_fill_id, size, buy_fee_usd FROM gone WHERE buy_fill_id <> p_fill.fill_id
      ) AS pieces
      CROSS JOIN LATERAL (SELECT ctid FROM fills WHERE bot_id = p_fill.bot_id AND fill_id = pieces.fill_id OFFSET 0) AS other
      GROUP BY other.ctid
    ) AS piece
    WHERE f.ctid = piece.row
  )
  SELECT coalesce(array_agg(DISTINCT sell_order_id), '{}') INTO v_orders FROM gone;
  RETURN v_orders;
END $$;

-- An order without fills is none. Its trades go with it, and their days are marked; what the bot said of it stays.
CREATE FUNCTION forget_order(p_bot_id text, p_order_id text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM rebuild_trades(p_bot_id, ARRAY[p_order_id]);
  UPDATE trade_strategy_link SET order_id = NULL WHERE bot_id = p_bot_id AND order_id = p_order_id AND by_client_order_id;
  DELETE FROM orders WHERE bot_id = p_bot_id AND order_id = p_order_id;
END $$;

-- Corrects a fill: {bot_id, fill_id, reason, request_hash, void, changes, usd_per_quote, symbol, quote_usd}. `changes` has the
-- fields that were wrong; `symbol` and `quote_usd` are those that usd_per_quote was told from. Matches again and marks the days
-- that it touches. Returns {changed, correction_id}; the same request again, however late, changes nothing.
CREATE FUNCTION correct_fill(p_request jsonb) RETURNS jsonb
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
  v_new.open_size := v_new.size;
  v_new.open_fee_usd := coalesce(v_new.fee_usd, 0);
  IF NOT v_void AND fill_content(v_new) = fill_content(v_old) THEN
    RETURN jsonb_build_object('changed', false, 'correction_id', NULL);
  END IF;

  v_orders := release_fill(v_old);
  PERFORM match_again_from(v_old);
  PERFORM mark_unmatched_sells(v_bot, ARRAY[v_old.order_id]);
  DELETE FROM fills WHERE bot_id = v_bot AND fill_id = v_id;
  INSERT INTO fill_corrections (bot_id, fill_id, request_hash, reason, before, after)
  VALUES (v_bot, v_id, p_request->>'request_hash', p_request->>'reason', fill_content(v_old), CASE WHEN NOT v_void THEN fill_content(v_new) END)
  RETURNING correction_id INTO v_correction;

  IF NOT v_void THEN
    INSERT INTO fills SELECT v_new.*;
    PERFORM match_again_from(v_new);
    v_orders := v_orders || v_new.order_id;
  END IF;
  IF EXISTS (SELECT FROM fills WHERE bot_id = v_bot AND order_id = v_old.order_id) THEN
    v_orders := v_orders || v_old.order_id;
  ELSE
    PERFORM forget_order(v_bot, v_old.order_id);
  END IF;
  PERFORM settle_orders(v_bot, ARRAY(SELECT DISTINCT unnest(v_orders)));
  RETURN jsonb_build_object('changed', true, 'correction_id', v_correction);
END $$;

GRANT EXECUTE ON FUNCTION correct_fill(jsonb) TO app;
