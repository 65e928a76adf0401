-- Brings orders up to date with their fills, settles their attribution, and matches what is pending.
CREATE OR REPLACE FUNCTION settle_orders(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_known   text[];
  v_changed text[];
BEGIN
  SELECT array_agg(id) INTO v_known
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (SELECT FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS known;
  -- The day that a sell leaves, and the one that it enters.
  IF v_known IS NOT NULL THEN
    PERFORM mark_unmatched_sells(p_bot_id, v_known);
  END IF;

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

  IF v_known IS NOT NULL THEN
    PERFORM mark_unmatched_sells(p_bot_id, v_known);
  END IF;

  v_changed := attribute_orders(p_bot_id, p_orders);
  PERFORM match_pending(p_bot_id, sells_that_depend_on(p_bot_id, v_changed) || p_orders, 20000);
END $$;
