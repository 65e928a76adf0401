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

-- Works through a bot's pending matches, over at most p_budget sells, and stores what is matched otherwise than before. Rebuilds
-- the trades that this touches together with those of p_orders. What is left stays pending.
CREATE OR REPLACE FUNCTION match_pending(p_bot_id text, p_orders text[], p_budget integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_match  record;
  v_orders text[];
BEGIN
  SELECT * INTO v_match FROM match_fifo(p_bot_id, p_budget);
  PERFORM plan_for(cardinality(v_match.taken) + cardinality(v_match.made));
  IF v_match.done <> '{}' THEN
    DELETE FROM pending_matches WHERE bot_id = p_bot_id AND symbol = ANY (v_match.done);
  END IF;
  IF v_match.next_symbol IS NOT NULL THEN
    UPDATE pending_matches SET from_at = v_match.next_at, from_fill_id = v_match.next_fill_id, until_at = v_match.next_until
    WHERE bot_id = p_bot_id AND symbol = v_match.next_symbol;
  END IF;

  IF v_match.taken <> '{}' THEN
    -- What is as it was stays where it is.
    SELECT coalesce(array_agg(was) FILTER (WHERE now.size IS NULL), '{}'), coalesce(array_agg(now) FILTER (WHERE was.size IS NULL), '{}')
    INTO v_match.taken, v_match.made
    FROM unnest(v_match.taken) AS was
    FULL JOIN unnest(v_match.made) AS now
      ON (now.sell_fill_id, now.buy_fill_id, now.size, now.buy_fee_usd, now.sell_fee_usd, now.cost_basis_usd, now.net_proceeds_usd)
       = (was.sell_fill_id, was.buy_fill_id, was.size, was.buy_fee_usd, was.sell_fee_usd, was.cost_basis_usd, was.net_proceeds_usd);
    PERFORM delete_allocations(v_match.taken);
  END IF;
  IF v_match.lots_taken <> '{}' THEN
    PERFORM delete_lots(v_match.lots_taken);
  END IF;
  IF v_match.lots_left <> '{}' THEN
    INSERT INTO open_lots SELECT * FROM unnest(v_match.lots_left);
  END IF;
  IF v_match.freed <> '{}' THEN
    PERFORM open_again(p_bot_id, v_match.freed);
  END IF;
  IF v_match.made <> '{}' THEN
    INSERT INTO allocations (bot_id, sell_fill_id, buy_fill_id, sell_order_id, buy_order_id, symbol, size, buy_fee_usd, sell_fee_usd,
                             cost_basis_usd, net_proceeds_usd, bought_at, sold_at)
    SELECT bot_id, sell_fill_id, buy_fill_id, sell_order_id, buy_order_id, symbol, size, buy_fee_usd, sell_fee_usd,
           cost_basis_usd, net_proceeds_usd, bought_at, sold_at
    FROM unnest(v_match.made);
  END IF;
  v_orders := ARRAY(
    SELECT unnest(p_orders) UNION SELECT sell_order_id FROM unnest(v_match.taken) UNION SELECT sell_order_id FROM unnest(v_match.made));
  IF v_orders <> '{}' THEN
    PERFORM rebuild_trades(p_bot_id, v_orders);
  END IF;
END $$;
