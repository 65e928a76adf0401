-- Deletes orders that have no fills left, with their trades, and marks their days. Their links are kept. A client order id that they
-- shared may now identify a single order, so the other orders with that id are attributed again.
CREATE OR REPLACE FUNCTION forget_orders(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_others text[];
BEGIN
  PERFORM mark_unmatched_orders(p_bot_id, p_orders);
  PERFORM remove_trades(p_bot_id, p_orders);
  UPDATE orders o
  SET allocations = NULL
  FROM (
    SELECT found.row
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT ctid AS row FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS found
  ) AS emptied
  WHERE o.ctid = emptied.row;
  PERFORM rebuild_trades(p_bot_id, p_orders);
  v_others := ARRAY(
    SELECT other.order_id
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT client_order_id FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS gone
    CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE client_order_id = gone.client_order_id AND bot_id = p_bot_id OFFSET 0) AS other
    WHERE other.order_id <> ALL (p_orders));
  UPDATE trade_strategy_link l
  SET order_id = NULL
  FROM (
    SELECT link.row
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid AS row, by_client_order_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS link
    WHERE by_client_order_id
  ) AS gone
  WHERE l.ctid = gone.row;
  DELETE FROM orders o
  USING (
    SELECT found.row
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT ctid AS row FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS found
  ) AS emptied
  WHERE o.ctid = emptied.row;
  IF v_others <> '{}' THEN
    PERFORM rebuild_trades(p_bot_id, closing_orders_of(p_bot_id, attribute_orders(p_bot_id, v_others)));
  END IF;
END $$;
