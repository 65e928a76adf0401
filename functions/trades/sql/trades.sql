-- The closing orders whose trades depend on these orders: those among them that closed lots, and those that closed lots of these orders.
-- Under FIFO, the lots of an order are closed by the next closing fills of its book, so the search ends at the first closing order that
-- took a later lot.
CREATE OR REPLACE FUNCTION closing_orders_of(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_order   record;
  v_closing record;
  v_found   text[] := '{}';
BEGIN
  FOR v_order IN
    SELECT o.*, b.position_id <> '' AS is_position
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (
      SELECT order_id, book_id, first_filled_at, last_filled_at, allocations IS NOT NULL AS closes
      FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (SELECT position_id FROM books WHERE book_id = o.book_id OFFSET 0) AS b
  LOOP
    IF v_order.closes THEN
      v_found := v_found || v_order.order_id;
    END IF;
    FOR v_closing IN
      SELECT f.order_id, o.allocations[cardinality(o.allocations)].opened_at AS last_opened_at
      FROM fills f
      CROSS JOIN LATERAL (SELECT allocations FROM orders WHERE bot_id = p_bot_id AND order_id = f.order_id OFFSET 0) AS o
      WHERE f.book_id = v_order.book_id AND f.filled_at >= v_order.first_filled_at AND o.allocations IS NOT NULL
      ORDER BY f.filled_at, f.fill_id
    LOOP
      v_found := v_found || v_closing.order_id;
      EXIT WHEN v_order.is_position OR v_closing.last_opened_at > v_order.last_filled_at;
    END LOOP;
  END LOOP;
  RETURN ARRAY(SELECT DISTINCT unnest(v_found));
END $$;

CREATE OR REPLACE FUNCTION trade_id_of(p_bot_id text, p_order_id text, p_part integer) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(p_bot_id || E'\n' || p_order_id || E'\n' || p_part)::uuid
$$;

-- Derives the trades of these closing orders again, and marks the days that trades leave and enter. The allocations of an order make one
-- trade per entry snapshot; a part below dust_share() of the order's matched size is merged into the largest part. A position with an id
-- is one trade of all allocations of its book, once the book is closed.
CREATE OR REPLACE FUNCTION rebuild_trades(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone   text := trading_time_zone();
  v_orders text[];
BEGIN
  PERFORM plan_for(cardinality(p_orders));
  -- For a position with an id, all its orders: its trade belongs to the last one.
  SELECT array_agg(DISTINCT order_id) INTO v_orders
  FROM (
    SELECT unnest(p_orders) AS order_id
    UNION ALL
    SELECT f.order_id
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT book_id FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
    CROSS JOIN LATERAL (SELECT position_id FROM books WHERE book_id = o.book_id OFFSET 0) AS b
    CROSS JOIN LATERAL (SELECT order_id FROM fills WHERE book_id = o.book_id OFFSET 0) AS f
    WHERE b.position_id <> ''
  ) AS wanted;

  WITH gone AS (
    DELETE FROM trades t
    USING (
      SELECT found.row
      FROM unnest(v_orders) AS id
      CROSS JOIN LATERAL (SELECT trades FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
      CROSS JOIN LATERAL generate_series(1, o.trades) AS numbered (n)
      CROSS JOIN LATERAL (SELECT ctid AS row FROM trades WHERE trade_id = trade_id_of(p_bot_id, id, n) OFFSET 0) AS found
    ) AS old
    WHERE t.ctid = old.row
    RETURNING t.*
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM gone
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;

  WITH closing AS MATERIALIZED (
    SELECT o.*, b.position_side, b.position_id, b.closed
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid AS row, order_id, book_id, symbol, side, snapshot_id, attribution, last_filled_at, allocations, trades
      FROM orders
      WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (SELECT position_side, position_id, closed FROM books WHERE book_id = o.book_id OFFSET 0) AS b
  ),
  last_orders AS (
    SELECT DISTINCT ON (book_id) book_id, order_id AS last_order_id
    FROM closing
    WHERE position_id <> '' AND allocations IS NOT NULL
    ORDER BY book_id, last_filled_at DESC, order_id DESC
  ),
  pieces AS MATERIALIZED (
    SELECT a.*, closing.position_id <> '' AS is_position, closing.book_id, coalesce(last_order_id, closing.order_id) AS order_id,
      closing.attribution = 'manual' AS closed_manually, entry.snapshot_id AS entry_snapshot_id, entry.attribution AS entry_attribution,
      CASE position_side WHEN 'long' THEN 'buy' WHEN 'short' THEN 'sell' ELSE entry.side END AS entry_side
    FROM closing
    LEFT JOIN last_orders USING (book_id)
    CROSS JOIN LATERAL unnest(closing.allocations) AS a
    CROSS JOIN LATERAL (
      SELECT snapshot_id, attribution, side FROM orders WHERE bot_id = p_bot_id AND order_id = a.opening_order_id OFFSET 0
    ) AS entry
    WHERE closing.position_id = '' OR closing.closed
  ),
  parts AS (
    SELECT order_id, is_position,
      CASE WHEN NOT is_position THEN entry_snapshot_id END AS by_snapshot,
      CASE WHEN NOT is_position THEN entry_attribution = 'manual' END AS manual_entry, entry_side,
      (array_agg(entry_snapshot_id ORDER BY opened_at, opening_fill_id COLLATE "C"))[1] AS entry_snapshot_id,
      bool_or(entry_attribution = 'manual' OR closed_manually) AS is_manual,
      sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds,
      sum(extract(epoch FROM closed_at - opened_at) * size) AS held, min(opened_at) AS opened_at, min(opening_fill_id COLLATE "C") AS first_fill,
      sum(CASE WHEN entry_side = 'buy' THEN opening_fee_usd ELSE closing_fee_usd END) AS buy_fees,
      sum(CASE WHEN entry_side = 'buy' THEN closing_fee_usd ELSE opening_fee_usd END) AS sell_fees,
      bool_and(entry_attribution = 'link') AS linked
    FROM pieces
    GROUP BY order_id, is_position, by_snapshot, manual_entry, entry_side
  ),
  ranked AS (
    SELECT *,
      size < dust_share() * sum(size) OVER (PARTITION BY order_id) AS dust,
      row_number() OVER (PARTITION BY order_id ORDER BY size DESC, opened_at, first_fill) AS by_size
    FROM parts
  ),
  merged AS (
    SELECT order_id, CASE WHEN dust THEN 1 ELSE by_size END AS place,
      sum(size) AS size, sum(cost) AS cost, sum(proceeds) AS proceeds, sum(held) AS held, min(opened_at) AS opened_at,
      sum(buy_fees) AS buy_fees, sum(sell_fees) AS sell_fees,
      (array_agg(entry_snapshot_id) FILTER (WHERE NOT dust OR by_size = 1))[1] AS entry_snapshot_id,
      (array_agg(entry_side) FILTER (WHERE NOT dust OR by_size = 1))[1] AS entry_side,
      bool_or(is_manual) FILTER (WHERE NOT dust OR by_size = 1) AS is_manual,
      bool_or(linked) FILTER (WHERE NOT dust OR by_size = 1) AS linked
    FROM ranked
    GROUP BY order_id, place
  ),
  numbered AS (
    SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY opened_at, place) AS part FROM merged
  ),
  made AS (
    INSERT INTO trades (trade_id, bot_id, order_id, part, position_id, symbol, side, opened_at, closed_at, size, entry_price_usd, exit_price_usd,
                        cost_basis_usd, net_proceeds_usd, pnl_usd, hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
    SELECT trade_id_of(p_bot_id, m.order_id, m.part::integer), p_bot_id, m.order_id, m.part, nullif(closing.position_id, ''), closing.symbol,
      CASE entry_side WHEN 'buy' THEN 'long' ELSE 'short' END, m.opened_at, closing.last_filled_at, m.size,
      round(CASE entry_side WHEN 'buy' THEN m.cost - m.buy_fees ELSE m.proceeds + m.sell_fees END / m.size, pnl_decimals()::integer),
      round(CASE entry_side WHEN 'buy' THEN m.proceeds + m.sell_fees ELSE m.cost - m.buy_fees END / m.size, pnl_decimals()::integer),
      m.cost, m.proceeds, round(m.proceeds - m.cost, pnl_decimals()::integer),
      m.held / m.size, m.entry_snapshot_id, closing.snapshot_id,
      CASE
        WHEN m.is_manual THEN 'manual'
        WHEN m.entry_snapshot_id IS NULL THEN 'none'
        WHEN m.linked THEN 'link'
        ELSE 'time'
      END
    FROM numbered m
    JOIN closing USING (order_id)
    RETURNING *
  ),
  counted AS (
    UPDATE orders o
    SET trades = c.trades
    FROM (
      SELECT closing.row, count(made.trade_id) AS trades
      FROM closing
      LEFT JOIN made USING (order_id)
      GROUP BY closing.row, closing.trades
      HAVING count(made.trade_id) <> closing.trades
    ) AS c
    WHERE o.ctid = c.row
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM made
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;
