-- First in, first out: an ordered pass over the sells and the open buys of each pending symbol with two cursors, from its
-- position on and over at most p_budget sells in all. Multiplies first and divides last; the last piece of a fill
-- takes what is left of its fee. Writes nothing: returns the pieces, the order of each sell that it passed, the symbols that are
-- done, and the sell of the next symbol to go on with, if any. The only plans are walks along the indexes, which may be kept.
CREATE OR REPLACE FUNCTION match_sells(p_bot_id text, p_budget integer, OUT pieces allocations[], OUT orders text[],
                                       OUT symbols text[], OUT next_symbol text, OUT next_at timestamptz, OUT next_fill_id text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = auto SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  open_buys   CURSOR (p_symbol text) FOR
    SELECT fill_id, order_id, price_usd, size, coalesce(fee_usd, 0) AS fee_usd, filled_at, open_size, open_fee_usd
    FROM fills
    WHERE bot_id = p_bot_id AND symbol = p_symbol AND side = 'buy' AND open_size > 0
    ORDER BY filled_at, fill_id;
  v_pending   pending_matches;
  v_sell      record;
  v_buy       record;
  v_piece     allocations;
  v_remaining numeric;
  v_fee_left  numeric;
  v_seen      integer := 0;
BEGIN
  pieces := '{}';
  orders := '{}';
  symbols := '{}';
  v_piece.bot_id := p_bot_id;
  FOR v_pending IN SELECT * FROM pending_matches WHERE bot_id = p_bot_id ORDER BY symbol LOOP
    v_piece.symbol := v_pending.symbol;
    OPEN open_buys (v_pending.symbol);
    FETCH open_buys INTO v_buy;

    FOR v_sell IN
      SELECT fill_id, order_id, price_usd, size, coalesce(fee_usd, 0) AS fee_usd, filled_at, open_size, open_fee_usd
      FROM fills
      WHERE bot_id = p_bot_id AND symbol = v_pending.symbol AND side = 'sell'
        AND (filled_at, fill_id) >= (v_pending.from_at, v_pending.from_fill_id)
      ORDER BY filled_at, fill_id
    LOOP
      v_seen := v_seen + 1;
      IF v_seen > p_budget THEN
        next_symbol := v_pending.symbol;
        next_at := v_sell.filled_at;
        next_fill_id := v_sell.fill_id;
        CLOSE open_buys;
        RETURN;
      END IF;
      orders := orders || v_sell.order_id;
      v_remaining := v_sell.open_size;
      v_fee_left := v_sell.open_fee_usd;

      WHILE v_remaining > 0 AND v_buy.fill_id IS NOT NULL AND v_buy.filled_at <= v_sell.filled_at LOOP
        v_piece.sell_fill_id := v_sell.fill_id;
        v_piece.buy_fill_id := v_buy.fill_id;
        v_piece.sell_order_id := v_sell.order_id;
        v_piece.buy_order_id := v_buy.order_id;
        v_piece.size := least(v_remaining, v_buy.open_size);
        v_piece.bought_at := v_buy.filled_at;
        v_piece.sold_at := v_sell.filled_at;
        v_piece.buy_fee_usd := CASE WHEN v_piece.size = v_buy.open_size THEN v_buy.open_fee_usd ELSE v_buy.fee_usd * v_piece.size / v_buy.size END;
        v_piece.sell_fee_usd := CASE WHEN v_piece.size = v_remaining THEN v_fee_left ELSE v_sell.fee_usd * v_piece.size / v_sell.size END;
        v_piece.cost_basis_usd := v_buy.price_usd * v_piece.size + v_piece.buy_fee_usd;
        v_piece.net_proceeds_usd := v_sell.price_usd * v_piece.size - v_piece.sell_fee_usd;
        pieces := pieces || v_piece;

        v_remaining := v_remaining - v_piece.size;
        v_fee_left := v_fee_left - v_piece.sell_fee_usd;
        v_buy.open_size := v_buy.open_size - v_piece.size;
        v_buy.open_fee_usd := v_buy.open_fee_usd - v_piece.buy_fee_usd;
        IF v_buy.open_size = 0 THEN
          FETCH open_buys INTO v_buy;
        END IF;
      END LOOP;
    END LOOP;
    CLOSE open_buys;
    symbols := symbols || v_pending.symbol;
  END LOOP;
END $$;
