-- Formats an instant as the API does: in UTC with microseconds.
CREATE OR REPLACE FUNCTION utc_text(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
GRANT EXECUTE ON FUNCTION utc_text(timestamptz) TO app;

-- A fill in the form that matching reads: [fill_id, order_id, side, size, price_usd, fee_usd, filled_at in UTC].
CREATE OR REPLACE FUNCTION leg_of(p_fill fills) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT json_build_array((p_fill).fill_id, (p_fill).order_id, (p_fill).side, coalesce((p_fill).net_size, (p_fill).size)::text,
    coalesce((p_fill).price_usd, (p_fill).price)::text, coalesce((p_fill).fee_usd, 0)::text, (p_fill).filled_at AT TIME ZONE 'UTC')
$$;
GRANT EXECUTE ON FUNCTION leg_of(fills) TO app;

-- What orders have closed: arrays of [order_id, unmatched_size, text of its allocations]. A long text is cut into several such items, since
-- a row of the Data API has at most 64 KB.
CREATE OR REPLACE FUNCTION order_matches(p_bot_id text, p_orders text[]) RETURNS TABLE (place bigint, matches json)
LANGUAGE sql STABLE AS $$
  SELECT characters / 10000, json_agg(json_build_array(id, unmatched_size::text, part) ORDER BY n, cut)
  FROM (
    SELECT id, n, cut, o.unmatched_size, substr(o.allocations, cut * 5000 + 1, 5000) AS part,
      sum(length(id) + least(5000, coalesce(length(o.allocations), 0))) OVER (ORDER BY n, cut ROWS UNBOUNDED PRECEDING) AS characters
    FROM unnest(p_orders) WITH ORDINALITY AS given (id, n)
    CROSS JOIN LATERAL (SELECT unmatched_size, allocations FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS o
    CROSS JOIN LATERAL generate_series(0, (coalesce(length(o.allocations), 1) - 1) / 5000) AS cut
  ) AS parts
  GROUP BY characters / 10000
$$;
GRANT EXECUTE ON FUNCTION order_matches(text, text[]) TO app;

-- The first lot that the fills of a book from an instant on closed: under FIFO, that of the first fill that closed anything.
CREATE OR REPLACE FUNCTION first_closed_lot(p_bot_id text, p_book_id bigint, p_from timestamptz) RETURNS TABLE (filled_at timestamptz, fill_id text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_lot text;
BEGIN
  SELECT a.opening_fill_id INTO v_lot
  FROM fills f
  CROSS JOIN LATERAL (SELECT allocations FROM orders o WHERE o.order_id = f.order_id AND o.bot_id = p_bot_id OFFSET 0) AS o
  CROSS JOIN LATERAL unnest(o.allocations::allocation[]) WITH ORDINALITY AS a (closing_fill_id, opening_fill_id, size, opening_fee, closing_fee, n)
  WHERE f.book_id = p_book_id AND f.filled_at >= p_from AND a.closing_fill_id = f.fill_id
  ORDER BY f.filled_at, f.fill_id, a.n
  LIMIT 1;
  IF FOUND THEN
    RETURN QUERY SELECT f.filled_at, f.fill_id FROM fills f WHERE f.fill_id = v_lot AND f.bot_id = p_bot_id;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION first_closed_lot(text, bigint, timestamptz) TO app;

-- The stored state that matching needs before these fills are written, as rows of (kind, value), each below 64 KB. p_fills has the
-- columns of the fills as texts of arrays: fill_id, order_id, side, filled_at; book: the place of its book in symbol, position_side and
-- position_id; has_fee; has_ids: it has a client order id or a source; changed: it replaces the stored fill. Without fills, the pending
-- books are matched.
--
--   bot          {matching_version}
--   known        a stored fill with one of these ids, with its book
--   first        the original content of a corrected fill
--   book         a book of these fills, with `from_at`: its fills from this time on must be matched again; null: none
--   lots, legs   fills of a book, up to 25: lots are before from_at, legs after
--   orders       what the orders of these fills, and those that are matched again, have closed
--   order_fills  the fills from which the facts of an order of these fills are derived
--   more_lots    this book has more lots than were returned
--   too_many     this book has more lots before from_at than p_limit: the caller reads them under the lock
--   truncated    this book has more than p_limit fills to match again: only the first ones were returned. The caller reads all of them in
--                pages under the lock. With p_limit = 0 it returns no allocations and none of these fills
CREATE OR REPLACE FUNCTION matching_state(p_bot_id text, p_fills jsonb, p_limit integer) RETURNS TABLE (kind text, value json)
LANGUAGE plpgsql STABLE SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  -- Of the given fills, in their order; null where the fill is not stored.
  v_books   bigint[];
  v_known   bigint[];
  v_times   timestamptz[];
  v_places  text[];
  -- What is done with each: 'new', 'match' it again, 'rewrite' it without matching; null: nothing.
  v_tasks   text[];
  v_orders  text[];
  v_touched bigint[];
  v_from    timestamptz[];
  v_most    integer[];
  v_again   bigint[];
  v_take    integer[];
  v_since   timestamptz[];
  v_others  text[];
BEGIN
  SELECT array_agg(b.book_id ORDER BY n) INTO v_books
  FROM unnest((p_fills->>'symbol')::text[], (p_fills->>'position_side')::text[], (p_fills->>'position_id')::text[])
    WITH ORDINALITY AS key (symbol, side, position, n)
  LEFT JOIN LATERAL (
    SELECT book_id FROM books
    WHERE bot_id = p_bot_id AND symbol = key.symbol AND position_side = key.side AND position_id = coalesce(key.position, '') OFFSET 0
  ) AS b ON true;

  SELECT array_agg(f.book_id ORDER BY n), array_agg(f.filled_at ORDER BY n), array_agg(f.order_id ORDER BY n),
    array_agg(CASE
      WHEN f.book_id IS NULL THEN 'new'
      WHEN changed OR f.fee_usd IS NULL AND has_fee THEN 'match'
      WHEN (f.client_order_id IS NULL OR f.source IS NULL) AND has_ids THEN 'rewrite'
    END ORDER BY n)
  INTO v_known, v_times, v_places, v_tasks
  FROM unnest((p_fills->>'fill_id')::text[], (p_fills->>'has_fee')::boolean[], (p_fills->>'has_ids')::boolean[], (p_fills->>'changed')::boolean[])
    WITH ORDINALITY AS given (fill_id, has_fee, has_ids, changed, n)
  LEFT JOIN LATERAL (
    SELECT book_id, filled_at, order_id, fee_usd, client_order_id, source FROM fills WHERE fill_id = given.fill_id AND bot_id = p_bot_id OFFSET 0
  ) AS f ON true;

  RETURN QUERY SELECT 'bot', json_build_object('matching_version', coalesce((SELECT matching_version FROM bots WHERE bot_id = p_bot_id), 0));

  RETURN QUERY
    SELECT 'known', json_build_object('fill_id', f.fill_id, 'order_id', f.order_id, 'symbol', b.symbol, 'position_side', b.position_side,
      'position_id', b.position_id, 'side', f.side, 'price', f.price::text, 'size', f.size::text, 'net_size', f.net_size::text,
      'fee_usd', f.fee_usd::text, 'fee_amount', f.fee_amount::text, 'fee_currency', f.fee_currency, 'quote_usd', f.quote_usd::text,
      'price_usd', f.price_usd::text, 'filled_at', utc_text(f.filled_at), 'placed_at', utc_text(f.placed_at),
      'client_order_id', f.client_order_id, 'source', f.source)
    FROM unnest((p_fills->>'fill_id')::text[], v_known) AS given (fill_id, known)
    CROSS JOIN LATERAL (SELECT * FROM fills WHERE fill_id = given.fill_id AND bot_id = p_bot_id OFFSET 0) AS f
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = f.book_id OFFSET 0) AS b
    WHERE known IS NOT NULL;

  IF EXISTS (SELECT FROM fill_corrections WHERE bot_id = p_bot_id) THEN
    RETURN QUERY
      SELECT DISTINCT ON (c.fill_id) 'first', (c.before || jsonb_build_object('fill_id', c.fill_id))::json
      FROM unnest((p_fills->>'fill_id')::text[]) AS id
      CROSS JOIN LATERAL (
        SELECT fill_id, before, correction_id FROM fill_corrections WHERE bot_id = p_bot_id AND fill_id = id OFFSET 0
      ) AS c
      ORDER BY c.fill_id, c.correction_id;
  END IF;

  -- The stored orders that gain or lose one of these fills.
  v_orders := ARRAY(
    SELECT id
    FROM (
      SELECT order_id FROM unnest((p_fills->>'order_id')::text[], v_tasks) AS given (order_id, task) WHERE task IS NOT NULL
      UNION
      SELECT place FROM unnest(v_places, v_tasks) AS given (place, task) WHERE task IS NOT NULL
    ) AS touched (id)
    CROSS JOIN LATERAL (SELECT FROM orders WHERE order_id = id AND bot_id = p_bot_id OFFSET 0) AS stored);
  IF v_orders <> '{}' THEN
    RETURN QUERY
      SELECT 'order_fills', json_build_object('order_id', id, 'fills', json_agg(json_build_object(
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
        WHERE fill_id <> ALL (ARRAY(
          SELECT given.fill_id
          FROM unnest((p_fills->>'fill_id')::text[], (p_fills->>'changed')::boolean[]) AS given (fill_id, changed)
          WHERE changed))
      ) AS f
      CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = f.book_id OFFSET 0) AS b
      WHERE 1 IN (as_first, as_last, as_client, as_source, as_placed)
      GROUP BY id;
    RETURN QUERY SELECT 'orders', matches FROM order_matches(p_bot_id, v_orders) WHERE p_limit > 0;
  END IF;

  -- The books of these fills, and from when on each is matched again.
  WITH touched AS (
    -- The first fill on each side that is added or changed.
    SELECT v_books[book] AS book_id, side, min(filled_at) AS at, count(*) AS fills, false AS known
    FROM unnest((p_fills->>'book')::integer[], (p_fills->>'side')::text[], (p_fills->>'filled_at')::timestamptz[], v_tasks,
      (p_fills->>'changed')::boolean[]) AS given (book, side, filled_at, task, changed)
    WHERE v_books[book] IS NOT NULL AND (task = 'new' OR changed)
    GROUP BY book, side
    UNION ALL
    SELECT known, 'buy', min(time), 0, true
    FROM unnest(v_known, v_times, v_tasks) AS given (known, time, task)
    WHERE task = 'match'
    GROUP BY known
    UNION ALL
    SELECT book_id, 'buy', pending_from, 0, true FROM books WHERE p_fills->>'fill_id' IS NULL AND bot_id = p_bot_id AND pending_from IS NOT NULL
  )
  SELECT array_agg(book_id), array_agg(from_at), array_agg(most) INTO v_touched, v_from, v_most
  FROM (
    SELECT b.book_id, least(p_limit, 50 + 10 * sum(fills)) AS most,
      CASE WHEN b.position_id <> '' THEN '-infinity' ELSE least(b.pending_from, min(at) FILTER (WHERE known
        OR at <= b.last_filled_at AND NOT (
          -- An opening fill after the first open lot is open too: under FIFO, no later fill can have closed it.
          b.position_side <> 'net' AND (side = 'buy') = (b.position_side = 'long') AND coalesce(b.opened_at < at, false)))) END AS from_at
    FROM touched
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = touched.book_id OFFSET 0) AS b
    GROUP BY b.book_id, b.position_id, b.pending_from
  ) AS book;
  RETURN QUERY
    SELECT 'book', json_build_object('book_id', b.book_id, 'symbol', b.symbol, 'position_side', b.position_side, 'position_id', b.position_id,
      'open_fill_id', b.open_fill_id, 'open_side', b.open_side, 'opened_at', utc_text(b.opened_at), 'open_size', b.open_size::text,
      'open_fee_usd', b.open_fee_usd::text, 'last_filled_at', utc_text(b.last_filled_at), 'last_price_usd', b.last_price_usd::text,
      'closed', b.closed, 'pending_from', utc_text(b.pending_from),
      'from_at', CASE WHEN from_at = '-infinity' THEN '' ELSE utc_text(from_at) END)
    FROM unnest(v_touched, v_from) AS touched (book_id, from_at)
    CROSS JOIN LATERAL (SELECT * FROM books WHERE book_id = touched.book_id OFFSET 0) AS b;

  -- Books in which fills are only added: the first open lots.
  RETURN QUERY
    WITH lots AS (
      SELECT touched.book_id, f.leg, touched.most, row_number() OVER (PARTITION BY touched.book_id ORDER BY f.filled_at, f.fill_id) AS place
      FROM unnest(v_touched, v_from, v_most) AS touched (book_id, from_at, most)
      CROSS JOIN LATERAL (SELECT opened_at, open_fill_id FROM books WHERE book_id = touched.book_id OFFSET 0) AS b
      CROSS JOIN LATERAL (
        SELECT leg_of(f) AS leg, filled_at, fill_id
        FROM fills f
        WHERE book_id = touched.book_id AND (filled_at, fill_id) >= (b.opened_at, b.open_fill_id)
        ORDER BY filled_at, fill_id
        LIMIT touched.most + 1
      ) AS f
      WHERE touched.from_at IS NULL AND b.opened_at IS NOT NULL
    )
    SELECT 'lots', json_build_object('book_id', book_id, 'legs', json_agg(leg ORDER BY place))
    FROM lots
    WHERE place <= most
    GROUP BY book_id, (place - 1) / 25
    UNION ALL
    SELECT 'more_lots', to_json(book_id)
    FROM lots
    WHERE place > most;

  -- Books that are matched again.
  SELECT array_agg(book_id), array_agg(from_at), array_agg(CASE WHEN fills <= p_limit THEN p_limit ELSE least(p_limit / 10, 300) END)
  INTO v_again, v_from, v_take
  FROM unnest(v_touched, v_from) AS touched (book_id, from_at)
  CROSS JOIN LATERAL (
    SELECT count(*) AS fills FROM (SELECT FROM fills WHERE book_id = touched.book_id AND filled_at >= touched.from_at LIMIT p_limit + 1) AS legs
  ) AS counted
  WHERE from_at IS NOT NULL;
  IF v_again IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 'truncated', to_json(book_id) FROM unnest(v_again, v_take) AS book (book_id, take) WHERE take < p_limit OR p_limit = 0;
  IF p_limit = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT 'legs', json_build_object('book_id', book_id, 'legs', json_agg(leg ORDER BY place))
    FROM (
      SELECT again.book_id, f.leg, row_number() OVER (PARTITION BY again.book_id ORDER BY f.filled_at, f.fill_id) AS place
      FROM unnest(v_again, v_from, v_take) AS again (book_id, from_at, take)
      CROSS JOIN LATERAL (
        SELECT leg_of(f) AS leg, filled_at, fill_id
        FROM fills f
        WHERE book_id = again.book_id AND filled_at >= again.from_at
        ORDER BY filled_at, fill_id
        LIMIT take
      ) AS f
    ) AS legs
    GROUP BY book_id, (place - 1) / 25;
  v_others := ARRAY(
    SELECT DISTINCT f.order_id
    FROM unnest(v_again, v_from, v_take) AS again (book_id, from_at, take)
    CROSS JOIN LATERAL (
      SELECT order_id FROM fills f WHERE book_id = again.book_id AND filled_at >= again.from_at ORDER BY filled_at, fill_id LIMIT take
    ) AS f
    WHERE f.order_id <> ALL (v_orders));
  RETURN QUERY SELECT 'orders', matches FROM order_matches(p_bot_id, v_others);

  -- The lots that were open at from_at: from the first lot that these legs closed, or that is open now. Under FIFO, the first closing leg
  -- closed it.
  RETURN QUERY
    WITH starts AS (
      SELECT again.book_id, again.from_at, coalesce(first.filled_at, b.opened_at) AS opened_at, coalesce(first.fill_id, b.open_fill_id) AS fill_id
      FROM unnest(v_again, v_from) AS again (book_id, from_at)
      CROSS JOIN LATERAL (SELECT opened_at, open_fill_id FROM books WHERE book_id = again.book_id OFFSET 0) AS b
      LEFT JOIN LATERAL (SELECT * FROM first_closed_lot(p_bot_id, again.book_id, again.from_at) OFFSET 0) AS first ON true
    ),
    lots AS (
      SELECT starts.book_id, f.leg, row_number() OVER (PARTITION BY starts.book_id ORDER BY f.filled_at, f.fill_id) AS place
      FROM starts
      CROSS JOIN LATERAL (
        SELECT leg_of(f) AS leg, filled_at, fill_id
        FROM fills f
        WHERE book_id = starts.book_id AND (filled_at, fill_id) >= (starts.opened_at, starts.fill_id) AND filled_at < starts.from_at
        ORDER BY filled_at, fill_id
        LIMIT p_limit + 1
      ) AS f
    )
    SELECT 'lots', json_build_object('book_id', book_id, 'legs', json_agg(leg ORDER BY place))
    FROM lots
    WHERE place <= p_limit
    GROUP BY book_id, (place - 1) / 25
    UNION ALL
    SELECT 'too_many', to_json(book_id)
    FROM lots
    WHERE place > p_limit;
END $$;

GRANT EXECUTE ON FUNCTION matching_state(text, jsonb, integer) TO app;
