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

-- Makes the trades of these sell orders from their allocations anew, and marks the days they leave and enter, and those of
-- sells that were or are unmatched.
-- A part under 1 % of the order's matched size joins the largest part.
CREATE OR REPLACE FUNCTION rebuild_trades(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  PERFORM plan_for(cardinality(p_orders));
  WITH gone AS (
    DELETE FROM trades t
    USING (
      SELECT found.ctid AS row
      FROM unnest(p_orders) AS id
      CROSS JOIN LATERAL (SELECT ctid FROM trades WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS found
    ) AS old
    WHERE t.ctid = old.row
    RETURNING t.*
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM gone
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;

  WITH told AS MATERIALIZED (
    SELECT o.*, sold.size AS sold
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid AS row, order_id, symbol, side, snapshot_id, attribution, last_filled_at, unmatched_size
      FROM orders
      WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (
      -- With side in the WHERE, the index of all the bot's sells would look as good.
      SELECT coalesce(sum(size) FILTER (WHERE side = 'sell'), 0) AS size
      FROM fills
      WHERE bot_id = p_bot_id AND order_id = id
    ) AS sold
  ),
  parts AS MATERIALIZED (
    SELECT sell_order_id, buy.snapshot_id AS entry_snapshot_id, buy.attribution = 'manual' AS entered_by_hand,
      sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds, sum(hold_seconds * size) AS held,
      min(bought_at) AS opened_at, min(buy_fill_id) AS first_buy, bool_and(buy.attribution = 'link') AS linked
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT * FROM allocations WHERE bot_id = p_bot_id AND sell_order_id = id OFFSET 0) AS a
    CROSS JOIN LATERAL (SELECT snapshot_id, attribution FROM orders WHERE bot_id = p_bot_id AND order_id = a.buy_order_id OFFSET 0) AS buy
    GROUP BY sell_order_id, entry_snapshot_id, entered_by_hand
  ),
  ranked AS (
    SELECT *,
      size < dust_share() * sum(size) OVER (PARTITION BY sell_order_id) AS dust,
      row_number() OVER (PARTITION BY sell_order_id ORDER BY size DESC, opened_at, first_buy) AS by_size
    FROM parts
  ),
  merged AS (
    SELECT sell_order_id, CASE WHEN dust THEN 1 ELSE by_size END AS place,
      sum(size) AS size, sum(cost) AS cost, sum(proceeds) AS proceeds, sum(held) AS held, min(opened_at) AS opened_at,
      (array_agg(entry_snapshot_id) FILTER (WHERE NOT dust OR by_size = 1))[1] AS entry_snapshot_id,
      bool_or(entered_by_hand) FILTER (WHERE NOT dust OR by_size = 1) AS entered_by_hand,
      bool_or(linked) FILTER (WHERE NOT dust OR by_size = 1) AS linked
    FROM ranked
    GROUP BY sell_order_id, place
  ),
  made AS (
    INSERT INTO trades (bot_id, order_id, part, symbol, opened_at, closed_at, size, cost_basis_usd, net_proceeds_usd, pnl_usd,
                        hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
    SELECT p_bot_id, sell.order_id, row_number() OVER (PARTITION BY sell.order_id ORDER BY m.opened_at, m.place),
      sell.symbol, m.opened_at, sell.last_filled_at, m.size, m.cost, m.proceeds, round(m.proceeds - m.cost, pnl_decimals()::integer),
      m.held / m.size, m.entry_snapshot_id, sell.snapshot_id,
      CASE
        WHEN m.entered_by_hand OR sell.attribution = 'manual' THEN 'manual'
        WHEN m.entry_snapshot_id IS NULL THEN 'none'
        WHEN m.linked THEN 'link'
        ELSE 'time'
      END
    FROM merged m
    JOIN told sell ON sell.order_id = m.sell_order_id
    RETURNING *
  ),
  unmatched AS MATERIALIZED (
    SELECT row, side, snapshot_id, last_filled_at, unmatched_size AS before, sold - coalesce(matched.size, 0) AS now
    FROM told
    LEFT JOIN (SELECT sell_order_id, sum(size) AS size FROM parts GROUP BY sell_order_id) AS matched ON matched.sell_order_id = told.order_id
  ),
  changed AS (
    UPDATE orders o
    SET unmatched_size = now
    FROM unmatched
    WHERE o.ctid = row AND before <> now
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM (
    SELECT entry_snapshot_id AS snapshot_id, closed_at FROM made WHERE attribution <> 'manual'
    UNION ALL
    SELECT snapshot_id, last_filled_at FROM unmatched WHERE side = 'sell' AND (before > 0 OR now > 0)
  ) AS touched
  WHERE snapshot_id IS NOT NULL
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;
