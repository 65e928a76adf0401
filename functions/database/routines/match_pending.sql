-- Works through a bot's pending matches, over at most p_budget sells, and rebuilds the trades they touch
-- together with those of p_orders. What is left stays pending.
CREATE OR REPLACE FUNCTION match_pending(p_bot_id text, p_orders text[], p_budget integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_pending pending_matches;
  v_undone  text[];
  v_match   record;
  v_orders  text[] := p_orders;
  v_pieces  allocations[] := '{}';
  v_matched text[] := '{}';
  v_budget  integer := p_budget;
BEGIN
  FOR v_pending IN SELECT * FROM pending_matches WHERE bot_id = p_bot_id ORDER BY symbol LOOP
    EXIT WHEN v_budget <= 0;
    v_undone := unmatch_sells(v_pending, v_budget);
    v_orders := v_orders || v_undone;
    v_budget := v_budget - cardinality(v_undone);
    CONTINUE WHEN v_budget <= 0;

    SELECT * INTO v_match FROM match_sells(v_pending, v_budget);
    v_orders := v_orders || v_match.orders;
    v_pieces := v_pieces || v_match.pieces;
    v_budget := v_budget - cardinality(v_match.orders);
    IF v_match.next_at IS NULL THEN
      v_matched := v_matched || v_pending.symbol;
    ELSE
      UPDATE pending_matches SET from_at = v_match.next_at, from_fill_id = v_match.next_fill_id
      WHERE bot_id = p_bot_id AND symbol = v_pending.symbol;
    END IF;
  END LOOP;

  DELETE FROM pending_matches WHERE bot_id = p_bot_id AND symbol = ANY (v_matched);
  IF v_pieces <> '{}' THEN
    PERFORM store_allocations(p_bot_id, v_pieces);
  END IF;
  PERFORM rebuild_trades(p_bot_id, ARRAY(SELECT DISTINCT unnest(v_orders)));
END $$;
