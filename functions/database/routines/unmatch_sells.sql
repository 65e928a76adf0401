-- Takes back the allocations of a symbol's last sells from a position on, at most p_budget of them,
-- and gives sizes and fees back to the fills. Returns the order of each.
CREATE OR REPLACE FUNCTION unmatch_sells(p_pending pending_matches, p_budget integer) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_sells  text[];
  v_orders text[];
BEGIN
  SELECT * INTO v_sells, v_orders FROM matched_sells(p_pending, p_budget);
  IF v_sells IS NULL THEN
    RETURN '{}';
  END IF;

  WITH gone AS (
    DELETE FROM allocations a
    USING (
      SELECT found.ctid AS row
      FROM unnest(v_sells) AS id
      CROSS JOIN LATERAL (SELECT ctid FROM allocations WHERE bot_id = p_pending.bot_id AND sell_fill_id = id OFFSET 0) AS found
    ) AS old
    WHERE a.ctid = old.row
    RETURNING a.*
  ),
  given_back AS (
    SELECT fill_id, sum(size) AS size, sum(fee) AS fee
    FROM (
      SELECT sell_fill_id AS fill_id, size, sell_fee_usd AS fee FROM gone
      UNION ALL
      SELECT buy_fill_id, size, buy_fee_usd FROM gone
    ) AS pieces
    GROUP BY fill_id
  )
  UPDATE fills f
  SET open_size = f.open_size + g.size, open_fee_usd = f.open_fee_usd + g.fee
  FROM (
    SELECT found.ctid AS row, size, fee
    FROM given_back
    CROSS JOIN LATERAL (SELECT ctid FROM fills WHERE bot_id = p_pending.bot_id AND fill_id = given_back.fill_id OFFSET 0) AS found
  ) AS g
  WHERE f.ctid = g.row;
  RETURN v_orders;
END $$;
