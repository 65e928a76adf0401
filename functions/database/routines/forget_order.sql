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
