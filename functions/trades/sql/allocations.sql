-- Opens a buy, whole.
CREATE OR REPLACE FUNCTION open_lot(p_fill fills) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO open_lots (bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, fee_usd, open_size, open_fee_usd)
  SELECT p_fill.bot_id, p_fill.symbol, p_fill.filled_at, p_fill.fill_id, p_fill.order_id, p_fill.price_usd,
    p_fill.size, coalesce(p_fill.fee_usd, 0), p_fill.size, coalesce(p_fill.fee_usd, 0)
  WHERE p_fill.side = 'buy';
END $$;

-- Opens what these pieces were of their buys again.
CREATE OR REPLACE FUNCTION open_again(p_bot_id text, p_pieces allocations[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO open_lots AS l (bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, fee_usd, open_size, open_fee_usd)
  SELECT bot_id, symbol, filled_at, fill_id, order_id, price_usd, buy.size, coalesce(fee_usd, 0), pieces.size, pieces.fee
  FROM (SELECT buy_fill_id, sum(size) AS size, sum(buy_fee_usd) AS fee FROM unnest(p_pieces) GROUP BY buy_fill_id) AS pieces
  CROSS JOIN LATERAL (SELECT * FROM fills WHERE bot_id = p_bot_id AND fill_id = pieces.buy_fill_id OFFSET 0) AS buy
  ON CONFLICT (bot_id, symbol, filled_at, fill_id) DO UPDATE
  SET open_size = l.open_size + excluded.open_size, open_fee_usd = l.open_fee_usd + excluded.open_fee_usd;
END $$;

CREATE OR REPLACE FUNCTION delete_allocations(p_pieces allocations[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  DELETE FROM allocations a
  USING (
    SELECT found.ctid AS row
    FROM unnest(p_pieces) AS p
    CROSS JOIN LATERAL (
      SELECT ctid FROM allocations
      WHERE bot_id = p.bot_id AND symbol = p.symbol AND sold_at = p.sold_at AND sell_fill_id = p.sell_fill_id
        AND bought_at = p.bought_at AND buy_fill_id = p.buy_fill_id OFFSET 0
    ) AS found
  ) AS gone
  WHERE a.ctid = gone.row;
END $$;

CREATE OR REPLACE FUNCTION delete_lots(p_lots open_lots[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  DELETE FROM open_lots l
  USING (
    SELECT found.ctid AS row
    FROM unnest(p_lots) AS p
    CROSS JOIN LATERAL (
      SELECT ctid FROM open_lots
      WHERE bot_id = p.bot_id AND symbol = p.symbol AND filled_at = p.filled_at AND fill_id = p.fill_id OFFSET 0
    ) AS found
  ) AS gone
  WHERE l.ctid = gone.row;
END $$;
