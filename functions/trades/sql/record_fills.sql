-- What was said of a fill, as JSON; decimals as text, as exact as they came.
CREATE OR REPLACE FUNCTION fill_content(p_fill fills) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'order_id', p_fill.order_id, 'symbol', p_fill.symbol, 'side', p_fill.side, 'price', p_fill.price::text, 'size', p_fill.size::text,
    'fee_usd', p_fill.fee_usd::text, 'quote_usd', p_fill.quote_usd::text,
    'filled_at', to_char(p_fill.filled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'placed_at', to_char(p_fill.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'client_order_id', p_fill.client_order_id, 'source', p_fill.source)
$$;

-- What a fill says otherwise than the one that is known, or null. What it leaves out is no difference.
CREATE OR REPLACE FUNCTION fill_differences(p_known fills, p_given fills) RETURNS text
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

-- Takes a batch of fills: [{index, bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd,
-- usd_per_quote, filled_at, placed_at, client_order_id, source}], of several bots if need be, and returns
-- [{index, status: accepted | updated | duplicate | conflict, reason}].
-- A fill that was corrected is known as it is and as it was first sent, which may come again for ever.
CREATE OR REPLACE FUNCTION record_fills(p_fills jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_bot      record;
  v_item     record;
  v_given    fills;
  v_stored   fills;
  v_first    fills;
  v_reason   text;
  v_accepted integer[];
  v_touched  fills[];
  v_fee_came boolean;
  v_released text[] := '{}';
  v_results  jsonb := '[]';
BEGIN
  PERFORM plan_for(jsonb_array_length(p_fills));
  PERFORM lock_bot(bot_id)
  FROM (SELECT DISTINCT fill->>'bot_id' AS bot_id FROM jsonb_array_elements(p_fills) AS fill ORDER BY 1) AS bot;

  WITH incoming AS (
    SELECT DISTINCT ON (bot_id, fill_id) *
    FROM jsonb_to_recordset(p_fills) AS f (
      index integer, bot_id text COLLATE "C", fill_id text COLLATE "C", order_id text COLLATE "C", symbol text COLLATE "C", side text COLLATE "C",
      price numeric, size numeric, fee_usd numeric, quote_usd numeric, usd_per_quote numeric,
      filled_at timestamptz, placed_at timestamptz, client_order_id text, source text)
    WHERE NOT EXISTS (SELECT FROM fill_corrections c WHERE c.bot_id = f.bot_id AND c.fill_id = f.fill_id)
    ORDER BY bot_id, fill_id, index
  ),
  accepted AS (
    INSERT INTO fills (bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd, price_usd,
                       filled_at, placed_at, client_order_id, source)
    SELECT bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd, price * usd_per_quote,
           filled_at, placed_at, client_order_id, source
    FROM incoming
    ON CONFLICT (bot_id, fill_id) DO NOTHING
    RETURNING *
  ),
  opened AS (
    INSERT INTO open_lots (bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, fee_usd, open_size, open_fee_usd)
    SELECT bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, coalesce(fee_usd, 0), size, coalesce(fee_usd, 0)
    FROM accepted
    WHERE side = 'buy'
  )
  SELECT array_agg(incoming.index), array_agg(accepted::fills) INTO v_accepted, v_touched
  FROM accepted JOIN incoming USING (bot_id, fill_id);

  -- What is known already, one by one: the same, more of the same, or something else.
  FOR v_item IN
    SELECT (fill->>'index')::integer AS index, fill
    FROM jsonb_array_elements(p_fills) AS fill
    WHERE (fill->>'index')::integer <> ALL (coalesce(v_accepted, '{}'))
    ORDER BY 1
  LOOP
    v_given := jsonb_populate_record(NULL::fills, v_item.fill);
    SELECT * INTO v_stored FROM fills WHERE bot_id = v_given.bot_id AND fill_id = v_given.fill_id;
    SELECT (jsonb_populate_record(NULL::fills, before)).* INTO v_first
    FROM fill_corrections
    WHERE bot_id = v_given.bot_id AND fill_id = v_given.fill_id
    ORDER BY correction_id
    LIMIT 1;

    v_reason := fill_differences(CASE WHEN v_stored.order_id IS NULL THEN v_first ELSE v_stored END, v_given);
    IF v_reason IS NOT NULL AND v_first.order_id IS NOT NULL AND fill_differences(v_first, v_given) IS NULL THEN
      v_reason := NULL;
    END IF;
    IF v_reason IS NOT NULL THEN
      v_results := v_results || jsonb_build_object('index', v_item.index, 'status', 'conflict', 'reason', v_reason);
    ELSIF v_first.order_id IS NULL AND (v_stored.fee_usd IS NULL AND v_given.fee_usd IS NOT NULL
       OR v_stored.client_order_id IS NULL AND v_given.client_order_id IS NOT NULL
       OR v_stored.source IS NULL AND v_given.source IS NOT NULL) THEN
      v_fee_came := v_stored.fee_usd IS NULL AND v_given.fee_usd IS NOT NULL;
      IF v_fee_came THEN
        v_released := v_released || release_fill(v_stored);
      END IF;
      UPDATE fills
      SET fee_usd = coalesce(fee_usd, v_given.fee_usd),
          client_order_id = coalesce(client_order_id, v_given.client_order_id),
          source = coalesce(source, v_given.source)
      WHERE bot_id = v_given.bot_id AND fill_id = v_given.fill_id
      RETURNING * INTO v_stored;
      IF v_fee_came THEN
        PERFORM open_lot(v_stored);
      END IF;
      v_touched := v_touched || v_stored;
      v_results := v_results || jsonb_build_object('index', v_item.index, 'status', 'updated');
    ELSE
      v_results := v_results || jsonb_build_object('index', v_item.index, 'status', 'duplicate');
    END IF;
  END LOOP;

  PERFORM match_again_from(v_touched);
  FOR v_bot IN
    SELECT bot_id, array_agg(DISTINCT order_id) AS orders FROM unnest(v_touched) GROUP BY bot_id ORDER BY bot_id
  LOOP
    PERFORM update_orders(v_bot.bot_id, v_bot.orders || v_released);
  END LOOP;

  RETURN v_results || coalesce((SELECT jsonb_agg(jsonb_build_object('index', i, 'status', 'accepted')) FROM unnest(v_accepted) AS i), '[]');
END $$;

GRANT EXECUTE ON FUNCTION record_fills(jsonb) TO app;
