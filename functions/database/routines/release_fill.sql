-- Opens a buy, whole.
CREATE OR REPLACE FUNCTION open_lot(p_fill fills) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO open_lots (bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, fee_usd, open_size, open_fee_usd)
  SELECT p_fill.bot_id, p_fill.symbol, p_fill.filled_at, p_fill.fill_id, p_fill.order_id, p_fill.price_usd,
    p_fill.size, coalesce(p_fill.fee_usd, 0), p_fill.size, coalesce(p_fill.fee_usd, 0)
  WHERE p_fill.side = 'buy';
END $$;

-- Takes the pieces of a fill back, of a buy what is open of it too, and opens what a sell was matched to. Returns the sell orders
-- that this unmatches: up to the last of them its symbol is to be matched again.
CREATE OR REPLACE FUNCTION release_fill(p_fill fills) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_pieces allocations[];
BEGIN
  IF p_fill.side = 'sell' THEN
    SELECT array_agg(a) INTO v_pieces
    FROM allocations a
    WHERE bot_id = p_fill.bot_id AND symbol = p_fill.symbol AND sold_at = p_fill.filled_at AND sell_fill_id = p_fill.fill_id;
    PERFORM open_again(p_fill.bot_id, v_pieces);
  ELSE
    SELECT array_agg(a) INTO v_pieces
    FROM allocations a
    WHERE bot_id = p_fill.bot_id AND buy_order_id = p_fill.order_id AND buy_fill_id = p_fill.fill_id;
    DELETE FROM open_lots
    WHERE bot_id = p_fill.bot_id AND symbol = p_fill.symbol AND filled_at = p_fill.filled_at AND fill_id = p_fill.fill_id;
  END IF;
  PERFORM delete_allocations(v_pieces);
  PERFORM match_again_from(ARRAY[p_fill]);
  UPDATE pending_matches SET until_at = greatest(until_at, (SELECT max(sold_at) FROM unnest(v_pieces)))
  WHERE bot_id = p_fill.bot_id AND symbol = p_fill.symbol;
  RETURN ARRAY(SELECT DISTINCT sell_order_id FROM unnest(v_pieces));
END $$;
