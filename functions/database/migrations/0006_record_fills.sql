-- Brings orders up to date with their fills, settles their attribution, and matches what is pending.
CREATE FUNCTION settle_orders(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_changed text[];
BEGIN
  PERFORM mark_unmatched_sells(p_bot_id, p_orders);

  INSERT INTO orders AS o (bot_id, order_id, client_order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at)
  SELECT p_bot_id, id,
    (array_agg(client_order_id ORDER BY filled_at, fill_id) FILTER (WHERE client_order_id IS NOT NULL))[1],
    (array_agg(symbol ORDER BY filled_at, fill_id))[1],
    (array_agg(side ORDER BY filled_at, fill_id))[1],
    CASE WHEN bool_or(source = 'manual') THEN 'manual'
         ELSE (array_agg(source ORDER BY filled_at, fill_id) FILTER (WHERE source IS NOT NULL))[1] END,
    min(placed_at), min(filled_at), max(filled_at)
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (SELECT * FROM fills WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS fill
  GROUP BY id
  ON CONFLICT (bot_id, order_id) DO UPDATE
  SET client_order_id = excluded.client_order_id, symbol = excluded.symbol, side = excluded.side, source = excluded.source,
      placed_at = excluded.placed_at, first_filled_at = excluded.first_filled_at, last_filled_at = excluded.last_filled_at;

  v_changed := attribute_orders(p_bot_id, p_orders);
  PERFORM match_pending(p_bot_id, sells_that_depend_on(p_bot_id, v_changed) || p_orders, 20000);
END $$;

-- Takes a batch of fills: [{index, bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd,
-- usd_per_quote, filled_at, placed_at, client_order_id, source}], of several bots if need be, and returns
-- [{index, status: accepted | updated | duplicate | conflict, reason}].
CREATE FUNCTION record_fills(p_fills jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_bot      record;
  v_fill     record;
  v_stored   fills;
  v_reason   text;
  v_accepted integer[];
  v_updated  text[] := '{}';
  v_results  jsonb := '[]';
BEGIN
  PERFORM lock_bot(bot_id)
  FROM (SELECT DISTINCT fill->>'bot_id' AS bot_id FROM jsonb_array_elements(p_fills) AS fill ORDER BY 1) AS bot;

  WITH incoming AS (
    SELECT DISTINCT ON (bot_id, fill_id) *
    FROM jsonb_to_recordset(p_fills) AS f (
      index integer, bot_id text COLLATE "C", fill_id text COLLATE "C", order_id text COLLATE "C", symbol text COLLATE "C", side text COLLATE "C",
      price numeric, size numeric, fee_usd numeric, quote_usd numeric, usd_per_quote numeric,
      filled_at timestamptz, placed_at timestamptz, client_order_id text, source text)
    ORDER BY bot_id, fill_id, index
  ),
  accepted AS (
    INSERT INTO fills (bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd, price_usd,
                       filled_at, placed_at, client_order_id, source, open_size, open_fee_usd)
    SELECT bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, quote_usd, price * usd_per_quote,
           filled_at, placed_at, client_order_id, source, size, coalesce(fee_usd, 0)
    FROM incoming
    ON CONFLICT (bot_id, fill_id) DO NOTHING
    RETURNING bot_id, fill_id
  )
  SELECT array_agg(index) INTO v_accepted FROM accepted JOIN incoming USING (bot_id, fill_id);

  -- What is known already, one by one: the same, more of the same, or something else.
  FOR v_fill IN
    SELECT *
    FROM jsonb_to_recordset(p_fills) AS f (
      index integer, bot_id text, fill_id text, order_id text, symbol text, side text,
      price numeric, size numeric, fee_usd numeric, quote_usd numeric,
      filled_at timestamptz, placed_at timestamptz, client_order_id text, source text)
    WHERE index <> ALL (coalesce(v_accepted, '{}'))
    ORDER BY index
  LOOP
    SELECT * INTO v_stored FROM fills WHERE bot_id = v_fill.bot_id AND fill_id = v_fill.fill_id;
    SELECT string_agg(format('%s is %s here', field, stored), ', ') INTO v_reason
    FROM (VALUES
      ('order_id', v_stored.order_id, v_stored.order_id <> v_fill.order_id),
      ('symbol', v_stored.symbol, v_stored.symbol <> v_fill.symbol),
      ('side', v_stored.side, v_stored.side <> v_fill.side),
      ('price', v_stored.price::text, v_stored.price <> v_fill.price),
      ('size', v_stored.size::text, v_stored.size <> v_fill.size),
      ('quote_usd', coalesce(v_stored.quote_usd::text, 'null'), v_stored.quote_usd IS DISTINCT FROM coalesce(v_fill.quote_usd, v_stored.quote_usd)),
      ('filled_at', to_char(v_stored.filled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), v_stored.filled_at <> v_fill.filled_at),
      ('placed_at', coalesce(to_char(v_stored.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'null'), v_stored.placed_at IS DISTINCT FROM coalesce(v_fill.placed_at, v_stored.placed_at)),
      ('fee_usd', v_stored.fee_usd::text, v_stored.fee_usd <> v_fill.fee_usd),
      ('client_order_id', v_stored.client_order_id, v_stored.client_order_id <> v_fill.client_order_id),
      ('source', v_stored.source, v_stored.source <> v_fill.source)
    ) AS difference (field, stored, differs)
    WHERE differs;

    IF v_reason IS NOT NULL THEN
      v_results := v_results || jsonb_build_object('index', v_fill.index, 'status', 'conflict', 'reason', v_reason);
    ELSIF v_stored.fee_usd IS NULL AND v_fill.fee_usd IS NOT NULL
       OR v_stored.client_order_id IS NULL AND v_fill.client_order_id IS NOT NULL
       OR v_stored.source IS NULL AND v_fill.source IS NOT NULL THEN
      UPDATE fills
      SET fee_usd = coalesce(fee_usd, v_fill.fee_usd),
          open_fee_usd = open_fee_usd + CASE WHEN fee_usd IS NULL THEN coalesce(v_fill.fee_usd, 0) ELSE 0 END,
          client_order_id = coalesce(client_order_id, v_fill.client_order_id),
          source = coalesce(source, v_fill.source)
      WHERE bot_id = v_fill.bot_id AND fill_id = v_fill.fill_id;
      v_updated := v_updated || v_fill.fill_id;
      v_results := v_results || jsonb_build_object('index', v_fill.index, 'status', 'updated');
    ELSE
      v_results := v_results || jsonb_build_object('index', v_fill.index, 'status', 'duplicate');
    END IF;
  END LOOP;

  FOR v_bot IN
    SELECT bot_id, array_agg(DISTINCT fill_id) AS fill_ids
    FROM jsonb_to_recordset(p_fills) AS f (index integer, bot_id text COLLATE "C", fill_id text COLLATE "C")
    WHERE index = ANY (v_accepted) OR fill_id = ANY (v_updated)
    GROUP BY bot_id
    ORDER BY bot_id
  LOOP
    INSERT INTO pending_matches AS p (bot_id, symbol, from_at, from_fill_id)
    SELECT DISTINCT ON (symbol) bot_id, symbol, filled_at, CASE WHEN side = 'sell' THEN fill_id ELSE '' END
    FROM unnest(v_bot.fill_ids) AS id
    CROSS JOIN LATERAL (SELECT * FROM fills WHERE bot_id = v_bot.bot_id AND fill_id = id OFFSET 0) AS fill
    ORDER BY symbol, filled_at, side, fill_id
    ON CONFLICT (bot_id, symbol) DO UPDATE
    SET from_at = excluded.from_at, from_fill_id = excluded.from_fill_id
    WHERE (excluded.from_at, excluded.from_fill_id) < (p.from_at, p.from_fill_id);

    PERFORM settle_orders(v_bot.bot_id, ARRAY(
      SELECT DISTINCT fill.order_id
      FROM unnest(v_bot.fill_ids) AS id
      CROSS JOIN LATERAL (SELECT order_id FROM fills WHERE bot_id = v_bot.bot_id AND fill_id = id OFFSET 0) AS fill));
  END LOOP;

  RETURN v_results || coalesce((SELECT jsonb_agg(jsonb_build_object('index', i, 'status', 'accepted')) FROM unnest(v_accepted) AS i), '[]');
END $$;

GRANT EXECUTE ON FUNCTION record_fills(jsonb) TO app;
