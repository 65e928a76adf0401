-- The sell orders whose trades depend on these orders: those of them that sold something, and those that sold what these bought.
CREATE OR REPLACE FUNCTION sells_that_depend_on(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ARRAY(
    SELECT a.sell_order_id
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT sell_order_id FROM allocations WHERE sell_order_id = id AND bot_id = p_bot_id LIMIT 1) AS a
    UNION
    SELECT a.sell_order_id
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT sell_order_id FROM allocations WHERE buy_order_id = id AND bot_id = p_bot_id OFFSET 0) AS a);
END $$;
