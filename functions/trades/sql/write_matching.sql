-- Writes a matching change, if the bot's matching_version is still p_version. Returns the new version; null when the version was another,
-- and then writes nothing. p_change has sets of rows, each as an object of columns, which are texts of arrays: they are parsed several times
-- as fast as JSON of rows. A column without values is left out.
--
--   new         fill_id and order_id: if one of them is stored, nothing is written, and null is returned
--   keys        the books of the fills and orders; `book` is the place of a book here
--   removed     ids of fills
--   fills       new fills
--   books       new and changed books
--   orders      orders with new or changed facts. `allocations` is JSON: an array of texts
--   rematched   orders of which only the allocations or the unmatched size changed
--   parts       of the trades of those orders
--   rebuild     ids of orders whose trades are derived from their allocations instead
--   emptied     ids of orders without fills
--   from, to    the first and the last time by which these orders are attributed
--   unmatched   ids of those of these orders that have an unmatched size
CREATE OR REPLACE FUNCTION write_matching(p_bot_id text, p_version bigint, p_change jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_version    bigint;
  v_keys       jsonb := p_change->'keys';
  v_fills      jsonb := p_change->'fills';
  v_books      jsonb := p_change->'books';
  v_orders     jsonb := p_change->'orders';
  v_rematched  jsonb := p_change->'rematched';
  v_parts      jsonb := p_change->'parts';
  v_book_ids   bigint[];
  v_ids        text[] := (v_orders->>'order_id')::text[];
  v_touched    text[] := v_ids || (v_rematched->>'order_id')::text[];
  v_before     orders[];
  v_unmatched  text[] := '{}';
  v_linked     boolean;
  v_active     uuid;
  v_attribute  text[];
  v_rebuild    text[] := coalesce((p_change->>'rebuild')::text[], '{}');
BEGIN
  -- Nothing can be stored between this check and the lock, because the version would then be another.
  IF p_change ? 'new' AND EXISTS (
    SELECT
    FROM unnest((p_change->'new'->>'fill_id')::text[]) AS id
    CROSS JOIN LATERAL (SELECT ctid FROM fills WHERE fill_id = id AND bot_id = p_bot_id OFFSET 0) AS stored
    UNION ALL
    SELECT
    FROM unnest((p_change->'new'->>'fill_id')::text[]) AS id
    CROSS JOIN LATERAL (SELECT ctid FROM fill_corrections WHERE bot_id = p_bot_id AND fill_id = id OFFSET 0) AS stored
    UNION ALL
    SELECT
    FROM unnest((p_change->'new'->>'order_id')::text[]) AS id
    CROSS JOIN LATERAL (SELECT ctid FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS stored
  ) THEN
    RETURN NULL;
  END IF;
  -- Only a new bot has no row yet. The update waits for the lock of all others.
  IF p_version = 0 THEN
    PERFORM lock_bot(p_bot_id);
  END IF;
  UPDATE bots SET matching_version = new_matching_version()
  WHERE bot_id = p_bot_id AND matching_version = p_version
  RETURNING matching_version INTO v_version;
  IF v_version IS NULL THEN
    RETURN NULL;
  END IF;

  IF v_books IS NOT NULL THEN
    INSERT INTO books AS b (bot_id, symbol, position_side, position_id, open_fill_id, open_side, opened_at, open_size, open_fee_usd,
                            last_filled_at, last_price_usd, closed, pending_from)
    SELECT p_bot_id, symbol, side, coalesce(position, ''), open_fill_id, open_side, opened_at, open_size, open_fee_usd, last_filled_at,
      last_price_usd, coalesce(closed, false), pending_from
    FROM unnest((v_books->>'symbol')::text[], (v_books->>'position_side')::text[], (v_books->>'position_id')::text[],
      (v_books->>'open_fill_id')::text[], (v_books->>'open_side')::text[], (v_books->>'opened_at')::timestamptz[],
      (v_books->>'open_size')::numeric[], (v_books->>'open_fee_usd')::numeric[], (v_books->>'last_filled_at')::timestamptz[],
      (v_books->>'last_price_usd')::numeric[], (v_books->>'closed')::boolean[], (v_books->>'pending_from')::timestamptz[])
      AS given (symbol, side, position, open_fill_id, open_side, opened_at, open_size, open_fee_usd, last_filled_at, last_price_usd, closed, pending_from)
    ON CONFLICT (bot_id, symbol, position_side, position_id) DO UPDATE
    SET open_fill_id = excluded.open_fill_id, open_side = excluded.open_side, opened_at = excluded.opened_at, open_size = excluded.open_size,
        open_fee_usd = excluded.open_fee_usd, last_filled_at = excluded.last_filled_at, last_price_usd = excluded.last_price_usd,
        closed = excluded.closed, pending_from = excluded.pending_from;
  END IF;
  v_book_ids := ARRAY(
    SELECT b.book_id
    FROM unnest((v_keys->>'symbol')::text[], (v_keys->>'position_side')::text[], (v_keys->>'position_id')::text[])
      WITH ORDINALITY AS key (symbol, side, position, n)
    CROSS JOIN LATERAL (
      SELECT book_id FROM books
      WHERE bot_id = p_bot_id AND symbol = key.symbol AND position_side = key.side AND position_id = coalesce(key.position, '') OFFSET 0
    ) AS b
    ORDER BY n);

  IF p_change ? 'removed' THEN
    DELETE FROM fills f
    USING (
      SELECT found.row
      FROM unnest((p_change->>'removed')::text[]) AS id
      CROSS JOIN LATERAL (SELECT ctid AS row FROM fills WHERE fill_id = id AND bot_id = p_bot_id OFFSET 0) AS found
    ) AS gone
    WHERE f.ctid = gone.row;
  END IF;
  IF v_fills IS NOT NULL THEN
    INSERT INTO fills (bot_id, fill_id, order_id, book_id, side, price, size, net_size, fee_usd, fee_amount, fee_currency, quote_usd, price_usd,
                       filled_at, placed_at, client_order_id, source)
    SELECT p_bot_id, fill_id, order_id, v_book_ids[book], side, price, size, net_size, fee_usd, fee_amount, fee_currency, quote_usd, price_usd,
      filled_at, placed_at, client_order_id, source
    FROM unnest((v_fills->>'fill_id')::text[], (v_fills->>'order_id')::text[], (v_fills->>'book')::integer[], (v_fills->>'side')::text[],
      (v_fills->>'price')::numeric[], (v_fills->>'size')::numeric[], (v_fills->>'net_size')::numeric[], (v_fills->>'fee_usd')::numeric[],
      (v_fills->>'fee_amount')::numeric[], (v_fills->>'fee_currency')::text[], (v_fills->>'quote_usd')::numeric[],
      (v_fills->>'price_usd')::numeric[], (v_fills->>'filled_at')::timestamptz[], (v_fills->>'placed_at')::timestamptz[],
      (v_fills->>'client_order_id')::text[], (v_fills->>'source')::text[])
      AS f (fill_id, order_id, book, side, price, size, net_size, fee_usd, fee_amount, fee_currency, quote_usd, price_usd, filled_at, placed_at,
            client_order_id, source);
  END IF;

  v_before := ARRAY(
    SELECT known
    FROM unnest(v_touched) AS id
    CROSS JOIN LATERAL (SELECT * FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS known);
  IF v_before <> '{}' THEN
    PERFORM remove_trades(p_bot_id, array_agg(order_id)) FROM unnest(v_before) WHERE allocations IS NOT NULL HAVING count(*) > 0;
    -- Mark the days that unmatched orders leave here, and the days that they enter below.
    v_unmatched := ARRAY(SELECT order_id FROM unnest(v_before) WHERE unmatched_size > 0);
    IF v_unmatched <> '{}' THEN
      PERFORM mark_unmatched_orders(p_bot_id, v_unmatched);
    END IF;
  END IF;

  IF v_orders IS NOT NULL THEN
    v_linked := EXISTS (
      SELECT
      FROM unnest(v_ids) AS id
      CROSS JOIN LATERAL (SELECT FROM trade_strategy_link WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS l);
    -- The usual case: no order has a link, and one snapshot was active all the time.
    IF NOT v_linked THEN
      SELECT snapshot_id INTO v_active
      FROM strategy_snapshots
      WHERE bot_id = p_bot_id AND active_from <= (p_change->>'from')::timestamptz
        AND coalesce(active_until, 'infinity') > (p_change->>'to')::timestamptz
      ORDER BY active_from DESC
      LIMIT 1;
    END IF;
    -- A new order that may have a link, and an order of which a fact that determines attribution changes, are attributed again below.
    IF v_linked OR v_before <> '{}' OR v_orders ? 'client_order_id' THEN
      v_attribute := ARRAY(
        SELECT o.order_id
        FROM unnest(v_ids, (v_orders->>'client_order_id')::text[], (v_orders->>'source')::text[], (v_orders->>'placed_at')::timestamptz[],
          (v_orders->>'first_filled_at')::timestamptz[]) AS o (order_id, client_order_id, source, placed_at, first_filled_at)
        LEFT JOIN LATERAL (
          SELECT * FROM orders WHERE order_id = o.order_id AND bot_id = p_bot_id OFFSET 0
        ) AS before ON true
        LEFT JOIN LATERAL (
          SELECT true AS is_linked FROM trade_strategy_link WHERE order_id = o.order_id AND bot_id = p_bot_id AND v_linked OFFSET 0
        ) AS l ON true
        WHERE CASE
          WHEN before.order_id IS NULL THEN o.client_order_id IS NOT NULL OR is_linked
          ELSE (o.client_order_id, o.source, o.placed_at, o.first_filled_at)
            IS DISTINCT FROM (before.client_order_id, before.source, before.placed_at, before.first_filled_at)
        END);
    END IF;
    INSERT INTO orders (bot_id, order_id, book_id, client_order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at,
                        allocations, unmatched_size, snapshot_id, attribution)
    SELECT p_bot_id, o.order_id, v_book_ids[book], o.client_order_id, o.symbol, o.side, o.source, o.placed_at, o.first_filled_at,
      o.last_filled_at, o.allocations, o.unmatched_size, a.snapshot_id, a.attribution
    FROM unnest(v_ids, (v_orders->>'book')::integer[], (v_orders->>'symbol')::text[], (v_orders->>'client_order_id')::text[],
      (v_orders->>'side')::text[], (v_orders->>'source')::text[], (v_orders->>'placed_at')::timestamptz[],
      (v_orders->>'first_filled_at')::timestamptz[], (v_orders->>'last_filled_at')::timestamptz[],
      ARRAY(SELECT jsonb_array_elements_text(v_orders->'allocations')), (v_orders->>'unmatched_size')::numeric[])
      AS o (order_id, book, symbol, client_order_id, side, source, placed_at, first_filled_at, last_filled_at, allocations, unmatched_size)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN o.source IS DISTINCT FROM 'manual' THEN v_active END AS snapshot_id,
        CASE WHEN o.source IS DISTINCT FROM 'manual' THEN 'time' ELSE 'manual' END AS attribution
      WHERE v_active IS NOT NULL
      UNION ALL
      SELECT found.snapshot_id, found.attribution
      FROM attribution_of(p_bot_id, o.order_id, o.source, o.placed_at, o.first_filled_at) AS found
      WHERE v_active IS NULL
    ) AS a
    ON CONFLICT (order_id, bot_id) DO UPDATE
    SET book_id = excluded.book_id, client_order_id = excluded.client_order_id, symbol = excluded.symbol, side = excluded.side, source = excluded.source,
        placed_at = excluded.placed_at, first_filled_at = excluded.first_filled_at, last_filled_at = excluded.last_filled_at,
        allocations = excluded.allocations, unmatched_size = excluded.unmatched_size;
  END IF;
  IF v_rematched IS NOT NULL THEN
    UPDATE orders o
    SET allocations = r.allocations, unmatched_size = r.unmatched_size
    FROM (
      SELECT found.row, r.allocations, r.unmatched_size
      FROM unnest((v_rematched->>'order_id')::text[], ARRAY(SELECT jsonb_array_elements_text(v_rematched->'allocations')),
        (v_rematched->>'unmatched_size')::numeric[]) AS r (order_id, allocations, unmatched_size)
      CROSS JOIN LATERAL (SELECT ctid AS row FROM orders WHERE order_id = r.order_id AND bot_id = p_bot_id OFFSET 0) AS found
    ) AS r
    WHERE o.ctid = r.row;
  END IF;

  -- A client order id that an order no longer has may now identify a single order.
  IF v_before <> '{}' THEN
    v_attribute := v_attribute || ARRAY(
      SELECT other.order_id
      FROM unnest(v_before) AS before
      CROSS JOIN LATERAL (SELECT client_order_id FROM orders WHERE order_id = before.order_id AND bot_id = p_bot_id OFFSET 0) AS now
      CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE client_order_id = before.client_order_id AND bot_id = p_bot_id OFFSET 0) AS other
      WHERE now.client_order_id IS DISTINCT FROM before.client_order_id);
  END IF;
  IF v_attribute <> '{}' THEN
    v_rebuild := v_rebuild || closing_orders_of(p_bot_id, attribute_orders(p_bot_id, v_attribute));
  END IF;
  IF p_change ? 'emptied' THEN
    PERFORM forget_orders(p_bot_id, (p_change->>'emptied')::text[]);
  END IF;
  IF v_parts IS NOT NULL THEN
    PERFORM make_trades(p_bot_id, array_agg(part::trade_part))
    FROM unnest((v_parts->>'order_id')::text[], (v_parts->>'opening_order_id')::text[], (v_parts->>'opened_at')::timestamptz[],
      (v_parts->>'opening_fill_id')::text[], (v_parts->>'size')::numeric[], (v_parts->>'cost_basis_usd')::numeric[],
      (v_parts->>'net_proceeds_usd')::numeric[], (v_parts->>'size_seconds')::numeric[], (v_parts->>'opening_fees_usd')::numeric[],
      (v_parts->>'closing_fees_usd')::numeric[], NULL::boolean[])
      AS part (order_id, opening_order_id, opened_at, opening_fill_id, size, cost_basis_usd, net_proceeds_usd, size_seconds, opening_fees_usd,
               closing_fees_usd, closed_manually);
  END IF;
  IF v_rebuild <> '{}' THEN
    PERFORM rebuild_trades(p_bot_id, ARRAY(SELECT DISTINCT unnest(v_rebuild)));
  END IF;
  v_unmatched := v_unmatched || (p_change->>'unmatched')::text[];
  IF v_unmatched <> '{}' THEN
    PERFORM mark_unmatched_orders(p_bot_id, v_unmatched);
  END IF;
  RETURN v_version;
END $$;

GRANT EXECUTE ON FUNCTION write_matching(text, bigint, jsonb) TO app;
