-- Writes a matching change, if the bot's matching_version is still p_version; otherwise writes nothing and returns false. p_change is
-- {removed: [fill_id], fills: [...], books: [...], orders: [{facts, allocations, unmatched_size}], rematched: [{order_id, allocations,
-- unmatched_size}], emptied: [order_id]}. `orders`: orders with new or changed facts; `rematched`: orders of which only the allocations or
-- the unmatched size changed; `emptied`: orders without fills.
CREATE OR REPLACE FUNCTION write_matching(p_bot_id text, p_version bigint, p_change jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_touched   text[];
  v_before    orders[];
  v_attribute text[];
  v_rebuild   text[];
BEGIN
  PERFORM plan_for(jsonb_array_length(p_change->'fills') + jsonb_array_length(p_change->'rematched'));
  PERFORM lock_bot(p_bot_id);
  UPDATE bots SET matching_version = matching_version + 1 WHERE bot_id = p_bot_id AND matching_version = p_version;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  INSERT INTO books AS b (bot_id, symbol, position_side, position_id, open_fill_id, open_side, opened_at, open_size, open_fee_usd,
                          last_filled_at, last_price_usd, closed, pending_from)
  SELECT p_bot_id, symbol, position_side, position_id, open_fill_id, open_side, opened_at, open_size, open_fee_usd,
    last_filled_at, last_price_usd, closed, pending_from
  FROM jsonb_populate_recordset(NULL::books, p_change->'books')
  ON CONFLICT (bot_id, symbol, position_side, position_id) DO UPDATE
  SET open_fill_id = excluded.open_fill_id, open_side = excluded.open_side, opened_at = excluded.opened_at, open_size = excluded.open_size,
      open_fee_usd = excluded.open_fee_usd, last_filled_at = excluded.last_filled_at, last_price_usd = excluded.last_price_usd,
      closed = excluded.closed, pending_from = excluded.pending_from;

  IF p_change->'removed' <> '[]' THEN
    DELETE FROM fills f
    USING (
      SELECT found.row
      FROM jsonb_array_elements_text(p_change->'removed') AS id
      CROSS JOIN LATERAL (SELECT ctid AS row FROM fills WHERE fill_id = id AND bot_id = p_bot_id OFFSET 0) AS found
    ) AS gone
    WHERE f.ctid = gone.row;
  END IF;
  INSERT INTO fills (bot_id, fill_id, order_id, book_id, side, price, size, net_size, fee_usd, fee_amount, fee_currency, quote_usd, price_usd,
                     filled_at, placed_at, client_order_id, source)
  SELECT p_bot_id, f.fill_id, f.order_id, b.book_id, f.side, f.price, f.size, f.net_size, f.fee_usd, f.fee_amount, f.fee_currency, f.quote_usd,
    f.price_usd, f.filled_at, f.placed_at, f.client_order_id, f.source
  FROM jsonb_to_recordset(p_change->'fills') AS f (
    fill_id text, order_id text, symbol text, position_side text, position_id text, side text, price numeric, size numeric, net_size numeric,
    fee_usd numeric, fee_amount numeric, fee_currency text, quote_usd numeric, price_usd numeric,
    filled_at timestamptz, placed_at timestamptz, client_order_id text, source text)
  CROSS JOIN LATERAL (
    SELECT book_id FROM books
    WHERE bot_id = p_bot_id AND symbol = f.symbol AND position_side = f.position_side AND position_id = f.position_id OFFSET 0
  ) AS b;

  v_touched := ARRAY(SELECT value->>'order_id' FROM jsonb_array_elements((p_change->'orders') || (p_change->'rematched')) AS value);
  SELECT coalesce(array_agg(known), '{}') INTO v_before
  FROM unnest(v_touched) AS id
  CROSS JOIN LATERAL (SELECT * FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS known;
  -- Mark the days that unmatched orders leave here, and the days that they enter below.
  IF EXISTS (SELECT FROM unnest(v_before) WHERE unmatched_size > 0) THEN
    PERFORM mark_unmatched_orders(p_bot_id, v_touched);
  END IF;

  INSERT INTO orders (bot_id, order_id, book_id, client_order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at,
                      allocations, unmatched_size, snapshot_id, attribution)
  SELECT p_bot_id, o.order_id, b.book_id, o.client_order_id, o.symbol, o.side, o.source, o.placed_at, o.first_filled_at, o.last_filled_at,
    o.allocations, o.unmatched_size, a.snapshot_id, a.attribution
  FROM jsonb_to_recordset(p_change->'orders') AS o (
    order_id text, symbol text, position_side text, position_id text, client_order_id text, side text, source text, placed_at timestamptz,
    first_filled_at timestamptz, last_filled_at timestamptz, allocations allocation[], unmatched_size numeric)
  CROSS JOIN LATERAL (
    SELECT book_id FROM books
    WHERE bot_id = p_bot_id AND symbol = o.symbol AND position_side = o.position_side AND position_id = o.position_id OFFSET 0
  ) AS b
  CROSS JOIN LATERAL attribution_of(p_bot_id, o.order_id, o.source, o.placed_at, o.first_filled_at) AS a
  ON CONFLICT (order_id, bot_id) DO UPDATE
  SET book_id = excluded.book_id, client_order_id = excluded.client_order_id, symbol = excluded.symbol, side = excluded.side, source = excluded.source,
      placed_at = excluded.placed_at, first_filled_at = excluded.first_filled_at, last_filled_at = excluded.last_filled_at,
      allocations = excluded.allocations, unmatched_size = excluded.unmatched_size;

  IF p_change->'rematched' <> '[]' THEN
    UPDATE orders o
    SET allocations = r.allocations, unmatched_size = r.unmatched_size
    FROM (
      SELECT found.row, r.allocations, r.unmatched_size
      FROM jsonb_to_recordset(p_change->'rematched') AS r (order_id text, allocations allocation[], unmatched_size numeric)
      CROSS JOIN LATERAL (SELECT ctid AS row FROM orders WHERE order_id = r.order_id AND bot_id = p_bot_id OFFSET 0) AS found
    ) AS r
    WHERE o.ctid = r.row;
  END IF;

  -- Attribute again a new order that may have a link, and an order of which a fact that determines attribution has changed.
  SELECT array_agg(order_id) FILTER (WHERE CASE
      WHEN before.order_id IS NULL THEN o.client_order_id IS NOT NULL OR linked
      ELSE (o.client_order_id, o.source, o.placed_at, o.first_filled_at)
        IS DISTINCT FROM (before.client_order_id, before.source, before.placed_at, before.first_filled_at)
    END),
    coalesce(array_agg(order_id) FILTER (WHERE o.allocates OR before.allocations IS NOT NULL OR before.trades > 0), '{}')
  INTO v_attribute, v_rebuild
  FROM (
    SELECT order_id, client_order_id, source, placed_at, first_filled_at, allocates
    FROM jsonb_to_recordset(p_change->'orders') AS o (
      order_id text COLLATE "C", client_order_id text, source text, placed_at timestamptz, first_filled_at timestamptz, allocates boolean)
    UNION ALL
    SELECT before.order_id, before.client_order_id, before.source, before.placed_at, before.first_filled_at, true
    FROM jsonb_to_recordset(p_change->'rematched') AS r (order_id text COLLATE "C")
    JOIN unnest(v_before) AS before USING (order_id)
  ) AS o
  LEFT JOIN unnest(v_before) AS before USING (order_id)
  LEFT JOIN LATERAL (SELECT true AS linked FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = o.order_id OFFSET 0) AS l ON true;

  -- A client order id that an order no longer has may now identify a single order.
  v_attribute := v_attribute || ARRAY(
    SELECT other.order_id
    FROM unnest(v_before) AS before
    CROSS JOIN LATERAL (SELECT client_order_id FROM orders WHERE order_id = before.order_id AND bot_id = p_bot_id OFFSET 0) AS now
    CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE client_order_id = before.client_order_id AND bot_id = p_bot_id OFFSET 0) AS other
    WHERE now.client_order_id IS DISTINCT FROM before.client_order_id);
  IF v_attribute <> '{}' THEN
    v_rebuild := v_rebuild || closing_orders_of(p_bot_id, attribute_orders(p_bot_id, v_attribute));
  END IF;
  IF p_change->'emptied' <> '[]' THEN
    PERFORM forget_orders(p_bot_id, ARRAY(SELECT jsonb_array_elements_text(p_change->'emptied')));
  END IF;
  IF v_rebuild <> '{}' THEN
    PERFORM rebuild_trades(p_bot_id, ARRAY(SELECT DISTINCT unnest(v_rebuild)));
  END IF;
  IF EXISTS (SELECT FROM unnest(v_before) WHERE unmatched_size > 0) OR p_change->>'unmatched' = 'true' THEN
    PERFORM mark_unmatched_orders(p_bot_id, v_touched);
  END IF;
  RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION write_matching(text, bigint, jsonb) TO app;
