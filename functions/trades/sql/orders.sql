-- Brings orders up to date with their fills, settles their attribution, and matches what is pending.
CREATE OR REPLACE FUNCTION update_orders(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_before    orders[];
  v_unmatched text[];
  v_spoken    text[];
  v_rebuild   text[];
BEGIN
  SELECT coalesce(array_agg(known), '{}'), array_agg(order_id) FILTER (WHERE unmatched_size > 0) INTO v_before, v_unmatched
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (SELECT * FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS known;
  -- The day that a sell leaves, and the one that it enters.
  IF v_unmatched IS NOT NULL THEN
    PERFORM mark_unmatched_sells(p_bot_id, v_unmatched);
  END IF;

  WITH told AS MATERIALIZED (
    SELECT id AS order_id,
      (array_agg(client_order_id ORDER BY filled_at, fill_id) FILTER (WHERE client_order_id IS NOT NULL))[1] AS client_order_id,
      (array_agg(symbol ORDER BY filled_at, fill_id))[1] AS symbol,
      (array_agg(side ORDER BY filled_at, fill_id))[1] AS side,
      bool_or(side = 'sell') AS sells,
      CASE WHEN bool_or(source = 'manual') THEN 'manual'
           ELSE (array_agg(source ORDER BY filled_at, fill_id) FILTER (WHERE source IS NOT NULL))[1] END AS source,
      min(placed_at) AS placed_at, min(filled_at) AS first_filled_at, max(filled_at) AS last_filled_at
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT * FROM fills WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS fill
    GROUP BY id
  ),
  stored AS (
    INSERT INTO orders (bot_id, order_id, client_order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at, snapshot_id, attribution)
    SELECT p_bot_id, order_id, client_order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at, a.snapshot_id, a.attribution
    FROM told
    CROSS JOIN LATERAL attribution_of(p_bot_id, order_id, source, placed_at, first_filled_at) AS a
    ON CONFLICT (bot_id, order_id) DO UPDATE
    SET client_order_id = excluded.client_order_id, symbol = excluded.symbol, side = excluded.side, source = excluded.source,
        placed_at = excluded.placed_at, first_filled_at = excluded.first_filled_at, last_filled_at = excluded.last_filled_at
  )
  -- What the bot said of an order settles it anew when it is new, or when what is known of it changes. One that buys has no trades.
  SELECT
    array_agg(order_id) FILTER (WHERE CASE
      WHEN before.order_id IS NULL THEN told.client_order_id IS NOT NULL OR linked
      ELSE (told.client_order_id, told.source, told.placed_at, told.first_filled_at)
        IS DISTINCT FROM (before.client_order_id, before.source, before.placed_at, before.first_filled_at)
    END),
    coalesce(array_agg(order_id) FILTER (WHERE sells OR before.side = 'sell' OR before.unmatched_size > 0), '{}')
  INTO v_spoken, v_rebuild
  FROM told
  LEFT JOIN unnest(v_before) AS before USING (order_id)
  LEFT JOIN LATERAL (SELECT true AS linked FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = told.order_id OFFSET 0) AS l ON true;

  IF v_unmatched IS NOT NULL THEN
    PERFORM mark_unmatched_sells(p_bot_id, v_unmatched);
  END IF;
  IF v_spoken IS NOT NULL THEN
    v_rebuild := v_rebuild || sells_that_depend_on(p_bot_id, attribute_orders(p_bot_id, v_spoken));
  END IF;
  PERFORM match_pending(p_bot_id, v_rebuild);
END $$;

-- An order without fills is none. Its trades go with it, and their days are marked; what the bot said of it stays.
CREATE OR REPLACE FUNCTION forget_order(p_bot_id text, p_order_id text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM rebuild_trades(p_bot_id, ARRAY[p_order_id]);
  UPDATE trade_strategy_link l
  SET order_id = NULL
  FROM (
    SELECT ctid AS row, by_client_order_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = p_order_id OFFSET 0
  ) AS link
  WHERE l.ctid = link.row AND link.by_client_order_id;
  DELETE FROM orders WHERE bot_id = p_bot_id AND order_id = p_order_id;
END $$;
