-- Works through a bot's pending matches, over at most match_budget() sells, and stores what is matched otherwise than before. Rebuilds
-- the trades that this touches together with those of p_orders. What is left stays pending.
CREATE OR REPLACE FUNCTION match_pending(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_match  record;
  v_orders text[];
BEGIN
  SELECT * INTO v_match FROM match_fifo(p_bot_id, match_budget()::integer);
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
