-- The last sells of each pending symbol, from its position on, that are matched: at most p_budget of them. The only plan is a walk
-- along the index of each, which may be kept.
CREATE OR REPLACE FUNCTION matched_sells(p_bot_id text, p_budget integer, OUT fill_ids text[], OUT order_ids text[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = auto SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
  SELECT array_agg(fill_id), array_agg(order_id) INTO fill_ids, order_ids
  FROM (
    SELECT sell.fill_id, sell.order_id
    FROM pending_matches p
    CROSS JOIN LATERAL (
      SELECT fill_id, order_id
      FROM fills
      WHERE bot_id = p_bot_id AND symbol = p.symbol AND side = 'sell'
        AND (filled_at, fill_id) >= (p.from_at, p.from_fill_id)
        AND open_size < size
      ORDER BY filled_at DESC, fill_id DESC
      LIMIT p_budget
    ) AS sell
    WHERE p.bot_id = p_bot_id
    LIMIT p_budget
  ) AS latest;
END $$;

-- Takes back the allocations of those sells, and gives sizes and fees back to the fills. Returns the order of each.
CREATE OR REPLACE FUNCTION unmatch_sells(p_bot_id text, p_budget integer) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_sells  text[];
  v_orders text[];
BEGIN
  SELECT * INTO v_sells, v_orders FROM matched_sells(p_bot_id, p_budget);
  IF v_sells IS NULL THEN
    RETURN '{}';
  END IF;

  WITH gone AS (
    DELETE FROM allocations a
    USING (
      SELECT found.ctid AS row
      FROM unnest(v_sells) AS id
      CROSS JOIN LATERAL (SELECT ctid FROM allocations WHERE bot_id = p_bot_id AND sell_fill_id = id OFFSET 0) AS found
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
    CROSS JOIN LATERAL (SELECT ctid FROM fills WHERE bot_id = p_bot_id AND fill_id = given_back.fill_id OFFSET 0) AS found
  ) AS g
  WHERE f.ctid = g.row;
  RETURN v_orders;
END $$;
