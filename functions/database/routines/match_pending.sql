-- Works through a bot's pending matches, over at most p_budget sells: first what is matched from their positions on is taken
-- back, then all is matched again. Rebuilds the trades that this touches together with those of p_orders. What is left stays pending.
CREATE OR REPLACE FUNCTION match_pending(p_bot_id text, p_orders text[], p_budget integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_orders text[] := p_orders;
  v_undone text[];
  v_match  record;
BEGIN
  v_undone := unmatch_sells(p_bot_id, p_budget);
  v_orders := v_orders || v_undone;
  IF cardinality(v_undone) < p_budget THEN
    SELECT * INTO v_match FROM match_sells(p_bot_id, p_budget - cardinality(v_undone));
    v_orders := v_orders || v_match.orders;
    DELETE FROM pending_matches WHERE bot_id = p_bot_id AND symbol = ANY (v_match.symbols);
    UPDATE pending_matches SET from_at = v_match.next_at, from_fill_id = v_match.next_fill_id
    WHERE bot_id = p_bot_id AND symbol = v_match.next_symbol;
    IF v_match.pieces <> '{}' THEN
      PERFORM store_allocations(p_bot_id, v_match.pieces);
    END IF;
  END IF;
  PERFORM rebuild_trades(p_bot_id, ARRAY(SELECT DISTINCT unnest(v_orders)));
END $$;
