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
      SELECT f.order_id, (
          SELECT filled_at FROM fills
          WHERE fill_id = (o.allocations::allocation[])[cardinality(o.allocations::allocation[])].opening_fill_id AND bot_id = p_bot_id
        ) AS last_opened_at
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

-- Inlined, since every cast in it is immutable.
CREATE OR REPLACE FUNCTION trade_id_of(p_bot_id text, p_order_id text, p_part integer) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(p_bot_id || E'\n' || p_order_id || E'\n' || p_part::text)::uuid
$$;

-- Deletes the trades of these closing orders, and marks the days that they leave. An order has at most as many trades as allocations; a
-- position with an id, whose last order has its trades, at most one in each direction.
CREATE OR REPLACE FUNCTION remove_trades(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  WITH gone AS (
    DELETE FROM trades t
    USING (
      SELECT found.row
      FROM unnest(p_orders) AS id
      CROSS JOIN LATERAL (SELECT allocations FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
      CROSS JOIN LATERAL generate_series(1, greatest(2, cardinality(o.allocations::allocation[]))) AS numbered (n)
      CROSS JOIN LATERAL (SELECT ctid AS row FROM trades WHERE trade_id = trade_id_of(p_bot_id, id, n) OFFSET 0) AS found
      WHERE o.allocations IS NOT NULL
    ) AS old
    WHERE t.ctid = old.row
    RETURNING t.*
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM gone
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;

-- Makes the trades of closing orders that have none, from all their parts, and marks their days. An order makes one trade per entry
-- snapshot; a part below dust_share() of the order's matched size is merged into the largest part. A position with an id is one trade.
CREATE OR REPLACE FUNCTION make_trades(p_bot_id text, p_parts trade_part[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  WITH pieces AS (
    SELECT p.*, closing.symbol, closing.last_filled_at AS closed_at, closing.snapshot_id AS exit_snapshot_id, b.position_id,
      entry.snapshot_id AS entry_snapshot_id, entry.attribution AS entry_attribution,
      entry.attribution = 'manual' OR coalesce(p.closed_manually, closing.attribution = 'manual') AS manual,
      CASE position_side WHEN 'long' THEN 'buy' WHEN 'short' THEN 'sell' ELSE entry.side END AS entry_side
    FROM unnest(p_parts) AS p
    CROSS JOIN LATERAL (
      SELECT book_id, symbol, snapshot_id, attribution, last_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = p.order_id OFFSET 0
    ) AS closing
    CROSS JOIN LATERAL (SELECT position_side, position_id FROM books WHERE book_id = closing.book_id OFFSET 0) AS b
    CROSS JOIN LATERAL (
      SELECT snapshot_id, attribution, side FROM orders WHERE bot_id = p_bot_id AND order_id = p.opening_order_id OFFSET 0
    ) AS entry
  ),
  parts AS (
    SELECT order_id, symbol, position_id, closed_at, exit_snapshot_id, entry_side,
      CASE WHEN position_id = '' THEN entry_snapshot_id END AS by_snapshot,
      CASE WHEN position_id = '' THEN entry_attribution = 'manual' END AS manual_entry,
      (array_agg(entry_snapshot_id ORDER BY opened_at, opening_fill_id COLLATE "C"))[1] AS entry_snapshot_id,
      bool_or(manual) AS manual, bool_and(entry_attribution = 'link') AS linked,
      sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds, sum(size_seconds) AS held,
      min(opened_at) AS opened_at, min(opening_fill_id COLLATE "C") AS first_fill,
      sum(CASE WHEN entry_side = 'buy' THEN opening_fees_usd ELSE closing_fees_usd END) AS buy_fees,
      sum(CASE WHEN entry_side = 'buy' THEN closing_fees_usd ELSE opening_fees_usd END) AS sell_fees
    FROM pieces
    GROUP BY order_id, symbol, position_id, closed_at, exit_snapshot_id, entry_side, by_snapshot, manual_entry
  ),
  ranked AS (
    SELECT *,
      size < dust_share() * sum(size) OVER (PARTITION BY order_id) AS dust,
      row_number() OVER (PARTITION BY order_id ORDER BY size DESC, opened_at, first_fill) AS by_size
    FROM parts
  ),
  merged AS (
    SELECT order_id, symbol, position_id, closed_at, exit_snapshot_id, CASE WHEN dust THEN 1 ELSE by_size END AS place,
      sum(size) AS size, sum(cost) AS cost, sum(proceeds) AS proceeds, sum(held) AS held, min(opened_at) AS opened_at,
      sum(buy_fees) AS buy_fees, sum(sell_fees) AS sell_fees,
      (array_agg(entry_snapshot_id) FILTER (WHERE NOT dust OR by_size = 1))[1] AS entry_snapshot_id,
      (array_agg(entry_side) FILTER (WHERE NOT dust OR by_size = 1))[1] AS entry_side,
      bool_or(manual) FILTER (WHERE NOT dust OR by_size = 1) AS manual,
      bool_or(linked) FILTER (WHERE NOT dust OR by_size = 1) AS linked
    FROM ranked
    GROUP BY order_id, symbol, position_id, closed_at, exit_snapshot_id, place
  ),
  numbered AS (
    SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY opened_at, place) AS part FROM merged
  ),
  made AS (
    INSERT INTO trades (trade_id, bot_id, order_id, part, position_id, symbol, side, opened_at, closed_at, size, entry_price_usd, exit_price_usd,
                        cost_basis_usd, net_proceeds_usd, pnl_usd, hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
    SELECT trade_id_of(p_bot_id, m.order_id, m.part::integer), p_bot_id, m.order_id, m.part, nullif(m.position_id, ''), m.symbol,
      CASE entry_side WHEN 'buy' THEN 'long' ELSE 'short' END, m.opened_at, m.closed_at, trim_scale(m.size),
      trim_scale(round(CASE entry_side WHEN 'buy' THEN m.cost - m.buy_fees ELSE m.proceeds + m.sell_fees END / m.size, pnl_decimals()::integer)),
      trim_scale(round(CASE entry_side WHEN 'buy' THEN m.proceeds + m.sell_fees ELSE m.cost - m.buy_fees END / m.size, pnl_decimals()::integer)),
      trim_scale(m.cost), trim_scale(m.proceeds), trim_scale(round(m.proceeds - m.cost, pnl_decimals()::integer)),
      trim_scale(trim_scale(m.held) / trim_scale(m.size)), m.entry_snapshot_id, m.exit_snapshot_id,
      CASE
        WHEN m.manual THEN 'manual'
        WHEN m.entry_snapshot_id IS NULL THEN 'none'
        WHEN m.linked THEN 'link'
        ELSE 'time'
      END
    FROM numbered m
    RETURNING entry_snapshot_id, closed_at, attribution
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM made
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;

-- Derives the trades of these orders again from their allocations: of a position with an id, from all allocations of its book, once the
-- book is closed.
CREATE OR REPLACE FUNCTION rebuild_trades(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_orders text[];
BEGIN
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
  PERFORM remove_trades(p_bot_id, v_orders);

  PERFORM make_trades(p_bot_id, array_agg(part::trade_part))
  FROM (
    SELECT CASE WHEN position_id = '' THEN closing.order_id ELSE last_value(closing.order_id) OVER in_position END AS order_id,
      a.opening_order_id,
      (array_agg(a.opened_at ORDER BY a.opened_at, a.opening_fill_id COLLATE "C"))[1],
      (array_agg(a.opening_fill_id ORDER BY a.opened_at, a.opening_fill_id COLLATE "C"))[1],
      sum(a.size), sum(a.cost_basis_usd), sum(a.net_proceeds_usd), sum(extract(epoch FROM a.closed_at - a.opened_at) * a.size),
      sum(a.opening_fee_usd), sum(a.closing_fee_usd), closing.attribution = 'manual'
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT order_id, book_id, attribution, last_filled_at, allocations FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS closing
    CROSS JOIN LATERAL (SELECT position_id, closed FROM books WHERE book_id = closing.book_id OFFSET 0) AS b
    CROSS JOIN LATERAL allocations_of(p_bot_id, closing.allocations) AS a
    WHERE closing.allocations IS NOT NULL AND (position_id = '' OR closed)
    GROUP BY closing.order_id, closing.book_id, closing.attribution, closing.last_filled_at, position_id, a.opening_order_id
    WINDOW in_position AS (
      PARTITION BY closing.book_id ORDER BY closing.last_filled_at, closing.order_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
  ) AS part
  HAVING count(*) > 0;
END $$;
