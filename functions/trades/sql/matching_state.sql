-- Formats an instant as the API does: in UTC with microseconds.
CREATE OR REPLACE FUNCTION utc_text(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
GRANT EXECUTE ON FUNCTION utc_text(timestamptz) TO app;

-- Fills of one book in the form that matching reads, 25 per row: the Data API limits a row to 64 KB.
CREATE OR REPLACE FUNCTION legs_of(p_fills fills[]) RETURNS SETOF jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('book_id', min(book_id), 'legs', jsonb_agg(
    jsonb_build_array(fill_id, order_id, side, coalesce(net_size, size)::text, coalesce(price_usd, price)::text, coalesce(fee_usd, 0)::text, utc_text(filled_at))
    ORDER BY place))
  FROM unnest(p_fills) WITH ORDINALITY AS f (bot_id, fill_id, order_id, book_id, side, price, size, net_size, fee_usd, fee_amount, fee_currency,
    quote_usd, price_usd, filled_at, placed_at, client_order_id, source, place)
  GROUP BY (place - 1) / 25
  ORDER BY min(place)
$$;
GRANT EXECUTE ON FUNCTION legs_of(fills[]) TO app;

-- Allocations of closing orders, up to 15 of an order per row.
CREATE OR REPLACE FUNCTION allocations_of(p_bot_id text, p_orders text[]) RETURNS TABLE (order_id text, place integer, pieces jsonb)
LANGUAGE sql STABLE AS $$
  SELECT id, min(a.place)::integer, jsonb_build_object('order_id', id, 'allocations', jsonb_agg(jsonb_build_object(
    'closing_fill_id', a.closing_fill_id, 'opening_fill_id', a.opening_fill_id, 'opening_order_id', a.opening_order_id,
    'opened_at', utc_text(a.opened_at), 'closed_at', utc_text(a.closed_at), 'size', a.size::text, 'opening_fee_usd', a.opening_fee_usd::text,
    'closing_fee_usd', a.closing_fee_usd::text, 'cost_basis_usd', a.cost_basis_usd::text, 'net_proceeds_usd', a.net_proceeds_usd::text) ORDER BY a.place))
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (SELECT allocations FROM orders o WHERE o.order_id = id AND o.bot_id = p_bot_id OFFSET 0) AS o
  CROSS JOIN LATERAL unnest(o.allocations) WITH ORDINALITY AS a (closing_fill_id, opening_fill_id, opening_order_id, opened_at, closed_at, size,
    opening_fee_usd, closing_fee_usd, cost_basis_usd, net_proceeds_usd, place)
  GROUP BY id, (a.place - 1) / 15
  ORDER BY id COLLATE "C", min(a.place)
$$;
GRANT EXECUTE ON FUNCTION allocations_of(text, text[]) TO app;

-- The stored state that matching needs before these fills are written, as rows of (kind, value), each well under 64 KB. p_fills is
-- [{fill_id, order_id, symbol, position_side, position_id, side, filled_at, has_fee, has_ids, changed}]; `has_ids`: the fill has a client
-- order id or a source; `changed`: it replaces the stored fill.
--
--   bot          {matching_version}
--   known        a stored fill with one of these ids, with its book
--   first        the original content of a corrected fill
--   book         a book of these fills, with `from_at`: its fills from this time on must be matched again; null: none
--   lots, legs   fills of a book as [fill_id, order_id, side, size, price_usd, fee_usd, filled_at]: lots are before from_at, legs after
--   order        the unmatched size of an order of these fills, or of an order that is matched again
--   allocations  the allocations of such an order
--   order_fills  the fills from which the facts of an order of these fills are derived
--   more_lots    this book has more lots than were returned
--   truncated    this book has more than p_limit fills to match again: the caller reads them in pages under the lock. With p_limit = 0 it
--                reads all allocations in pages, too
CREATE OR REPLACE FUNCTION matching_state(p_bot_id text, p_fills jsonb, p_limit integer) RETURNS TABLE (kind text, value jsonb)
LANGUAGE plpgsql STABLE SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_book   record;
  v_from   timestamptz;
  v_orders text[];
  v_changed text[];
  v_lots   fills[];
  v_most   integer;
  v_opened timestamptz;
  v_lot    text;
BEGIN
  RETURN QUERY SELECT 'bot', jsonb_build_object('matching_version', coalesce((SELECT matching_version FROM bots WHERE bot_id = p_bot_id), 0));

  RETURN QUERY
    SELECT 'known', to_jsonb(f) || jsonb_build_object('symbol', b.symbol, 'position_side', b.position_side, 'position_id', b.position_id,
      'price', f.price::text, 'size', f.size::text, 'fee_usd', f.fee_usd::text, 'fee_amount', f.fee_amount::text, 'quote_usd', f.quote_usd::text,
      'filled_at', utc_text(f.filled_at), 'placed_at', utc_text(f.placed_at))
    FROM jsonb_array_elements(p_fills) AS given
    CROSS JOIN LATERAL (SELECT * FROM fills WHERE fill_id = given->>'fill_id' AND bot_id = p_bot_id OFFSET 0) AS f
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = f.book_id OFFSET 0) AS b;

  RETURN QUERY
    SELECT DISTINCT ON (c.fill_id) 'first', c.before || jsonb_build_object('fill_id', c.fill_id)
    FROM jsonb_array_elements(p_fills) AS given
    CROSS JOIN LATERAL (
      SELECT fill_id, before, correction_id FROM fill_corrections WHERE bot_id = p_bot_id AND fill_id = given->>'fill_id' OFFSET 0
    ) AS c
    ORDER BY c.fill_id, c.correction_id;

  -- The orders that gain or lose one of these fills. A stored fill without changes does neither.
  v_orders := ARRAY(
    SELECT unnest(ARRAY[given->>'order_id', f.order_id])
    FROM jsonb_array_elements(p_fills) AS given
    LEFT JOIN LATERAL (
      SELECT order_id, fee_usd, client_order_id, source FROM fills WHERE fill_id = given->>'fill_id' AND bot_id = p_bot_id OFFSET 0
    ) AS f ON true
    WHERE f.order_id IS NULL OR (given->>'changed')::boolean OR f.fee_usd IS NULL AND (given->>'has_fee')::boolean
      OR (f.client_order_id IS NULL OR f.source IS NULL) AND (given->>'has_ids')::boolean);
  v_orders := ARRAY(SELECT DISTINCT id FROM unnest(v_orders) AS id WHERE id IS NOT NULL);
  v_changed := ARRAY(SELECT given->>'fill_id' FROM jsonb_array_elements(p_fills) AS given WHERE (given->>'changed')::boolean);
  RETURN QUERY
    SELECT 'order_fills', jsonb_build_object('order_id', id, 'fills', jsonb_agg(jsonb_build_object(
      'fill_id', f.fill_id, 'filled_at', utc_text(f.filled_at), 'placed_at', utc_text(f.placed_at), 'side', f.side, 'source', f.source,
      'client_order_id', f.client_order_id, 'symbol', b.symbol, 'position_side', b.position_side, 'position_id', b.position_id)))
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT *,
        row_number() OVER (ORDER BY filled_at, fill_id) AS as_first,
        row_number() OVER (ORDER BY filled_at DESC, fill_id DESC) AS as_last,
        row_number() OVER (ORDER BY client_order_id IS NULL, filled_at, fill_id) AS as_client,
        row_number() OVER (ORDER BY source IS NULL, source IS DISTINCT FROM 'manual', filled_at, fill_id) AS as_source,
        row_number() OVER (ORDER BY placed_at, filled_at, fill_id) AS as_placed
      FROM (SELECT * FROM fills WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS own
      WHERE fill_id <> ALL (v_changed)
    ) AS f
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = f.book_id OFFSET 0) AS b
    WHERE 1 IN (as_first, as_last, as_client, as_source, as_placed)
    GROUP BY id;

  RETURN QUERY SELECT 'order', jsonb_build_object('order_id', o.order_id, 'unmatched_size', o.unmatched_size::text)
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (SELECT order_id, unmatched_size FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS o;
  IF p_limit > 0 THEN
    RETURN QUERY SELECT 'allocations', a.pieces FROM allocations_of(p_bot_id, v_orders) AS a;
  END IF;

  FOR v_book IN
    WITH given AS (
      SELECT g.*, f.book_id AS known_book_id, f.fee_usd AS known_fee_usd, f.filled_at AS known_filled_at
      FROM jsonb_to_recordset(p_fills) AS g (
        fill_id text, symbol text, position_side text, position_id text, side text, filled_at timestamptz, has_fee boolean, changed boolean)
      LEFT JOIN LATERAL (SELECT book_id, fee_usd, filled_at FROM fills WHERE fill_id = g.fill_id AND bot_id = p_bot_id OFFSET 0) AS f ON true
    ),
    touched AS (
      -- Books and times at which a fill is added or changed.
      SELECT b.book_id, given.side, given.filled_at, false AS known
      FROM given
      CROSS JOIN LATERAL (
        SELECT book_id FROM books b
        WHERE b.bot_id = p_bot_id AND b.symbol = given.symbol AND b.position_side = given.position_side AND b.position_id = given.position_id OFFSET 0
      ) AS b
      WHERE known_book_id IS NULL OR changed
      UNION ALL
      SELECT known_book_id, side, known_filled_at, true
      FROM given
      WHERE known_book_id IS NOT NULL AND (changed OR known_fee_usd IS NULL AND has_fee)
      UNION ALL
      SELECT book_id, 'buy', pending_from, true FROM books WHERE p_fills = '[]' AND bot_id = p_bot_id AND pending_from IS NOT NULL
    )
    SELECT b.*, count(*) FILTER (WHERE NOT touched.known) AS fills,
      CASE WHEN b.position_id <> '' THEN '-infinity' ELSE least(b.pending_from, min(touched.filled_at) FILTER (WHERE touched.known
        OR touched.filled_at <= b.last_filled_at AND NOT (
          -- An opening fill after the first open lot is open too: under FIFO, no later fill can have closed it.
          b.position_side <> 'net' AND (touched.side = 'buy') = (b.position_side = 'long') AND coalesce(b.opened_at < touched.filled_at, false)))) END AS from_at
    FROM touched
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = touched.book_id OFFSET 0) AS b
    GROUP BY b.book_id, b.bot_id, b.symbol, b.position_side, b.position_id, b.open_fill_id, b.open_side, b.opened_at, b.open_size, b.open_fee_usd,
      b.last_filled_at, b.last_price_usd, b.closed, b.pending_from
  LOOP
    RETURN QUERY SELECT 'book', to_jsonb(v_book) || jsonb_build_object('open_size', v_book.open_size::text, 'open_fee_usd', v_book.open_fee_usd::text,
      'opened_at', utc_text(v_book.opened_at), 'last_filled_at', utc_text(v_book.last_filled_at), 'last_price_usd', v_book.last_price_usd::text,
      'from_at', CASE WHEN v_book.from_at = '-infinity' THEN '' ELSE utc_text(v_book.from_at) END,
      'pending_from', utc_text(v_book.pending_from));

    v_opened := v_book.opened_at;
    v_lot := v_book.open_fill_id;
    IF v_book.from_at IS NOT NULL THEN
      IF (SELECT count(*) > p_limit FROM (SELECT FROM fills WHERE book_id = v_book.book_id AND filled_at >= v_book.from_at LIMIT p_limit + 1) AS legs) THEN
        RETURN QUERY SELECT 'truncated', to_jsonb(v_book.book_id);
        CONTINUE;
      END IF;
      RETURN QUERY SELECT 'legs', legs
        FROM legs_of(ARRAY(SELECT f FROM fills f WHERE book_id = v_book.book_id AND filled_at >= v_book.from_at ORDER BY filled_at, fill_id)) AS legs;
      v_orders := ARRAY(SELECT DISTINCT order_id FROM fills WHERE book_id = v_book.book_id AND filled_at >= v_book.from_at);
      RETURN QUERY SELECT 'order', jsonb_build_object('order_id', o.order_id, 'unmatched_size', o.unmatched_size::text)
        FROM unnest(v_orders) AS id
        CROSS JOIN LATERAL (SELECT order_id, unmatched_size FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS o;
      RETURN QUERY SELECT 'allocations', a.pieces FROM allocations_of(p_bot_id, v_orders) AS a;
      -- The lots that were open at from_at: from the earliest one that these orders closed, or that is open now.
      SELECT opened_at, opening_fill_id INTO v_opened, v_lot
      FROM (
        SELECT a.opened_at, a.opening_fill_id COLLATE "C" AS opening_fill_id
        FROM unnest(v_orders) AS id
        CROSS JOIN LATERAL (SELECT allocations FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS o
        CROSS JOIN LATERAL unnest(o.allocations) AS a
        -- An order may have fills in other books as well.
        CROSS JOIN LATERAL (SELECT book_id FROM fills WHERE fill_id = a.closing_fill_id AND bot_id = p_bot_id OFFSET 0) AS closing
        WHERE a.closed_at >= v_book.from_at AND closing.book_id = v_book.book_id
        UNION ALL
        SELECT v_book.opened_at, v_book.open_fill_id WHERE v_book.open_fill_id IS NOT NULL
      ) AS lots
      ORDER BY opened_at, opening_fill_id
      LIMIT 1;
    END IF;
    IF v_lot IS NOT NULL THEN
      v_most := CASE WHEN v_book.from_at IS NULL THEN least(50 + 10 * v_book.fills, p_limit) ELSE p_limit END;
      v_lots := ARRAY(
        SELECT f FROM fills f
        WHERE book_id = v_book.book_id AND (filled_at, fill_id) >= (v_opened, v_lot) AND (v_book.from_at IS NULL OR filled_at < v_book.from_at)
        ORDER BY filled_at, fill_id
        LIMIT v_most + 1);
      IF cardinality(v_lots) > v_most THEN
        RETURN QUERY SELECT CASE WHEN v_book.from_at IS NULL THEN 'more_lots' ELSE 'truncated' END, to_jsonb(v_book.book_id);
      END IF;
      RETURN QUERY SELECT 'lots', legs FROM legs_of(v_lots[:v_most]) AS legs;
    END IF;
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION matching_state(text, jsonb, integer) TO app;
