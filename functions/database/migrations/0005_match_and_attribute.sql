-- Everything here is called by a write that holds the bot's lock.
--
-- Rows are found one by one, by their ids: LATERAL (… OFFSET 0) is a look-up that the planner cannot turn into a join, and
-- an update finds them again by ctid, which nobody else can move meanwhile. A join would be planned from what is known of
-- bot_id, which is nothing on a new bot and little on any, and then reads all of the bot's rows for each batch.

-- The summary rows of unmatched sells: under the exit snapshot, on the order's closing day.
CREATE FUNCTION mark_unmatched_sells(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, sell.snapshot_id, (sell.last_filled_at AT TIME ZONE v_zone)::date
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT snapshot_id, last_filled_at FROM orders
    WHERE bot_id = p_bot_id AND order_id = id AND side = 'sell' AND unmatched_size > 0 AND snapshot_id IS NOT NULL OFFSET 0
  ) AS sell
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;

-- Settles the snapshot of every link and order named, and of those that share a client id with them.
-- Returns the orders whose attribution changed.
CREATE FUNCTION attribute_orders(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_clients text[];
  v_orders  text[];
  v_changed text[];
BEGIN
  SELECT array_agg(DISTINCT o.client_order_id) INTO v_clients
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT client_order_id FROM orders WHERE bot_id = p_bot_id AND order_id = id AND client_order_id IS NOT NULL OFFSET 0
  ) AS o;

  SELECT coalesce(array_agg(DISTINCT order_id), '{}') INTO v_orders
  FROM (
    SELECT unnest(p_orders) AS order_id
    UNION ALL
    SELECT o.order_id
    FROM unnest(v_clients) AS client
    CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client OFFSET 0) AS o
  ) AS touched;

  PERFORM mark_unmatched_sells(p_bot_id, v_orders);

  -- A link by client id whose order turns out to be linked by its own id: one order, one link. What the other lacks goes over.
  WITH twins AS (
    SELECT by_client.link_id AS extra, by_order.link_id AS kept
    FROM unnest(v_clients) AS client
    CROSS JOIN LATERAL (
      SELECT link_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND client_order_id = client AND by_client_order_id OFFSET 0
    ) AS by_client
    CROSS JOIN LATERAL (
      SELECT min(order_id) AS order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client HAVING count(*) = 1
    ) AS bearing
    CROSS JOIN LATERAL (
      SELECT link_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = bearing.order_id AND NOT by_client_order_id OFFSET 0
    ) AS by_order
  ),
  gone AS (
    DELETE FROM trade_strategy_link l USING twins WHERE l.link_id = twins.extra RETURNING l.*, twins.kept
  )
  UPDATE trade_strategy_link l
  SET client_order_id = coalesce(l.client_order_id, gone.client_order_id),
    snapshot_id = CASE WHEN gone.snapshot_given AND NOT l.snapshot_given THEN gone.snapshot_id ELSE l.snapshot_id END,
    snapshot_given = l.snapshot_given OR gone.snapshot_given,
    buy_score = coalesce(l.buy_score, gone.buy_score), sell_score = coalesce(l.sell_score, gone.sell_score),
    trigger_type = coalesce(l.trigger_type, gone.trigger_type), exit_reason = coalesce(l.exit_reason, gone.exit_reason),
    indicators_fired = coalesce(l.indicators_fired, gone.indicators_fired),
    indicator_breakdown = coalesce(l.indicator_breakdown, gone.indicator_breakdown),
    signal_time = coalesce(l.signal_time, gone.signal_time)
  FROM gone
  WHERE l.link_id = gone.kept;

  -- A client id finds its order only while exactly one order bears it.
  UPDATE trade_strategy_link l
  SET order_id = borne.only_order
  FROM (
    SELECT link.ctid AS row, CASE WHEN bearing.orders = 1 THEN bearing.first_order END AS only_order
    FROM unnest(v_clients) AS client
    CROSS JOIN LATERAL (
      SELECT ctid, link_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND client_order_id = client AND by_client_order_id OFFSET 0
    ) AS link
    CROSS JOIN LATERAL (
      SELECT count(*) AS orders, min(order_id) AS first_order FROM orders WHERE bot_id = p_bot_id AND client_order_id = client
    ) AS bearing
  ) AS borne
  WHERE l.ctid = borne.row AND l.order_id IS DISTINCT FROM borne.only_order;

  UPDATE trade_strategy_link l
  SET attributed_at = settled.at, snapshot_id = settled.snapshot_id
  FROM (
    SELECT link.ctid AS row, timed.at, snapshot_at(p_bot_id, timed.at) AS snapshot_id
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid, signal_time, created_at FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id AND NOT snapshot_given OFFSET 0
    ) AS link
    CROSS JOIN LATERAL (SELECT first_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
    CROSS JOIN LATERAL (SELECT coalesce(link.signal_time, least(link.created_at, o.first_filled_at)) AS at) AS timed
  ) AS settled
  WHERE l.ctid = settled.row AND (l.attributed_at, l.snapshot_id) IS DISTINCT FROM (settled.at, settled.snapshot_id);

  WITH settled AS (
    SELECT o.ctid AS row, o.order_id, o.source IS NOT DISTINCT FROM 'manual' AS manual, l.snapshot_id AS linked,
      CASE WHEN coalesce(latest.active_until, 'infinity') > o.attributed_at THEN latest.snapshot_id END AS timed
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid, order_id, source, attributed_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS o
    LEFT JOIN LATERAL (SELECT snapshot_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS l ON true
    LEFT JOIN LATERAL (
      -- As snapshot_at does, without a call for each order.
      SELECT snapshot_id, active_until
      FROM strategy_snapshots s
      WHERE s.bot_id = p_bot_id AND s.active_from <= o.attributed_at
      ORDER BY s.active_from DESC
      LIMIT 1
    ) AS latest ON true
  ),
  attributed AS (
    SELECT row, order_id,
      CASE WHEN NOT manual THEN coalesce(linked, timed) END AS snapshot_id,
      CASE WHEN manual THEN 'manual' WHEN linked IS NOT NULL THEN 'link' WHEN timed IS NOT NULL THEN 'time' ELSE 'none' END AS attribution
    FROM settled
  ),
  changed AS (
    UPDATE orders o
    SET snapshot_id = a.snapshot_id, attribution = a.attribution
    FROM attributed a
    WHERE o.ctid = a.row AND (o.snapshot_id, o.attribution) IS DISTINCT FROM (a.snapshot_id, a.attribution)
    RETURNING o.order_id
  )
  SELECT coalesce(array_agg(order_id), '{}') INTO v_changed FROM changed;
  RETURN v_changed;
END $$;

-- The sell orders whose trades depend on these orders: themselves, and those that sold what these bought.
CREATE FUNCTION sells_that_depend_on(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(order_id), '{}')
  FROM (
    SELECT unnest(p_orders) AS order_id
    UNION
    SELECT a.sell_order_id
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT sell_order_id FROM allocations WHERE bot_id = p_bot_id AND buy_order_id = id OFFSET 0) AS a
  ) AS depending
$$;

-- Makes the trades of these sell orders from their allocations anew, and marks the days they leave and enter.
-- A part under 1 % of the order's matched size joins the largest part.
CREATE FUNCTION rebuild_trades(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  PERFORM mark_unmatched_sells(p_bot_id, p_orders);

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

  WITH pieces AS (
    SELECT a.*, buy.snapshot_id AS entry_snapshot_id, buy.attribution = 'manual' AS entered_by_hand, buy.attribution AS entry_attribution
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT * FROM allocations WHERE bot_id = p_bot_id AND sell_order_id = id OFFSET 0) AS a
    CROSS JOIN LATERAL (SELECT snapshot_id, attribution FROM orders WHERE bot_id = p_bot_id AND order_id = a.buy_order_id OFFSET 0) AS buy
  ),
  parts AS (
    SELECT sell_order_id, entry_snapshot_id, entered_by_hand,
      sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds, sum(hold_seconds * size) AS held,
      min(bought_at) AS opened_at, min(buy_fill_id) AS first_buy, bool_and(entry_attribution = 'link') AS linked
    FROM pieces
    GROUP BY sell_order_id, entry_snapshot_id, entered_by_hand
  ),
  ranked AS (
    SELECT *,
      size * 100 < sum(size) OVER (PARTITION BY sell_order_id) AS dust,
      row_number() OVER (PARTITION BY sell_order_id ORDER BY size DESC, opened_at, first_buy) AS by_size
    FROM parts
  ),
  merged AS (
    SELECT sell_order_id, CASE WHEN dust THEN 1 ELSE by_size END AS place,
      sum(size) AS size, sum(cost) AS cost, sum(proceeds) AS proceeds, sum(held) AS held, min(opened_at) AS opened_at,
      min(entry_snapshot_id) FILTER (WHERE NOT dust OR by_size = 1) AS entry_snapshot_id,
      bool_or(entered_by_hand) FILTER (WHERE NOT dust OR by_size = 1) AS entered_by_hand,
      bool_or(linked) FILTER (WHERE NOT dust OR by_size = 1) AS linked
    FROM ranked
    GROUP BY sell_order_id, place
  ),
  made AS (
    INSERT INTO trades (bot_id, order_id, part, symbol, opened_at, closed_at, size, cost_basis_usd, net_proceeds_usd, pnl_usd,
                        hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
    SELECT p_bot_id, sell.order_id, row_number() OVER (PARTITION BY sell.order_id ORDER BY m.opened_at, m.place),
      sell.symbol, m.opened_at, sell.last_filled_at, m.size, m.cost, m.proceeds, round(m.proceeds - m.cost, 12),
      m.held / m.size, m.entry_snapshot_id, sell.snapshot_id,
      CASE
        WHEN m.entered_by_hand OR sell.attribution = 'manual' THEN 'manual'
        WHEN m.entry_snapshot_id IS NULL THEN 'none'
        WHEN m.linked THEN 'link'
        ELSE 'time'
      END
    FROM merged m
    CROSS JOIN LATERAL (SELECT * FROM orders WHERE bot_id = p_bot_id AND order_id = m.sell_order_id OFFSET 0) AS sell
    RETURNING *
  )
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT bot_id, entry_snapshot_id, (closed_at AT TIME ZONE v_zone)::date
  FROM made
  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
  ON CONFLICT (snapshot_id, date) DO NOTHING;

  UPDATE orders o
  SET unmatched_size = f.unmatched_size
  FROM (
    SELECT sell.ctid AS row, left_over.unmatched_size
    FROM unnest(p_orders) AS id
    CROSS JOIN LATERAL (SELECT ctid FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS sell
    CROSS JOIN LATERAL (
      -- With side in the WHERE, the index of all the bot's sells would look as good.
      SELECT coalesce(sum(open_size) FILTER (WHERE side = 'sell'), 0) AS unmatched_size
      FROM fills
      WHERE bot_id = p_bot_id AND order_id = id
    ) AS left_over
  ) AS f
  WHERE o.ctid = f.row AND o.unmatched_size <> f.unmatched_size;

  PERFORM mark_unmatched_sells(p_bot_id, p_orders);
END $$;

-- Takes back the allocations of a symbol's last sells from a position on, at most p_budget of them,
-- and gives sizes and fees back to the fills. Returns the order of each.
CREATE FUNCTION unmatch_sells(p_pending pending_matches, p_budget integer) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_sells  text[];
  v_orders text[];
BEGIN
  SELECT array_agg(fill_id), array_agg(order_id) INTO v_sells, v_orders
  FROM (
    SELECT fill_id, order_id
    FROM fills
    WHERE bot_id = p_pending.bot_id AND symbol = p_pending.symbol AND side = 'sell'
      AND (filled_at, fill_id) >= (p_pending.from_at, p_pending.from_fill_id)
      AND open_size < size
    ORDER BY filled_at DESC, fill_id DESC
    LIMIT p_budget
  ) AS latest;
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

-- First in, first out: an ordered pass over a symbol's sells and its open buys with two cursors, from a
-- position on and over at most p_budget sells. Multiplies first and divides last; the last piece of a fill
-- takes what is left of its fee. Writes nothing: returns the pieces, the order of each sell that it passed,
-- and the sell to go on with, if any. The only plan is a walk along the two indexes, which may be kept.
CREATE FUNCTION match_sells(p_pending pending_matches, p_budget integer,
                            OUT pieces allocations[], OUT orders text[], OUT next_at timestamptz, OUT next_fill_id text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = auto SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  open_buys CURSOR FOR
    SELECT fill_id, order_id, price_usd, size, coalesce(fee_usd, 0) AS fee_usd, filled_at, open_size, open_fee_usd
    FROM fills
    WHERE bot_id = p_pending.bot_id AND symbol = p_pending.symbol AND side = 'buy' AND open_size > 0
    ORDER BY filled_at, fill_id;
  v_sell      record;
  v_buy       record;
  v_piece     allocations;
  v_remaining numeric;
  v_fee_left  numeric;
  v_seen      integer := 0;
BEGIN
  pieces := '{}';
  orders := '{}';
  OPEN open_buys;
  FETCH open_buys INTO v_buy;
  v_piece.bot_id := p_pending.bot_id;
  v_piece.symbol := p_pending.symbol;

  FOR v_sell IN
    SELECT fill_id, order_id, price_usd, size, coalesce(fee_usd, 0) AS fee_usd, filled_at, open_size, open_fee_usd
    FROM fills
    WHERE bot_id = p_pending.bot_id AND symbol = p_pending.symbol AND side = 'sell'
      AND (filled_at, fill_id) >= (p_pending.from_at, p_pending.from_fill_id)
    ORDER BY filled_at, fill_id
  LOOP
    v_seen := v_seen + 1;
    IF v_seen > p_budget THEN
      next_at := v_sell.filled_at;
      next_fill_id := v_sell.fill_id;
      EXIT;
    END IF;
    orders := orders || v_sell.order_id;
    v_remaining := v_sell.open_size;
    v_fee_left := v_sell.open_fee_usd;

    WHILE v_remaining > 0 AND v_buy.fill_id IS NOT NULL AND v_buy.filled_at <= v_sell.filled_at LOOP
      v_piece.sell_fill_id := v_sell.fill_id;
      v_piece.buy_fill_id := v_buy.fill_id;
      v_piece.sell_order_id := v_sell.order_id;
      v_piece.buy_order_id := v_buy.order_id;
      v_piece.size := least(v_remaining, v_buy.open_size);
      v_piece.bought_at := v_buy.filled_at;
      v_piece.sold_at := v_sell.filled_at;
      v_piece.buy_fee_usd := CASE WHEN v_piece.size = v_buy.open_size THEN v_buy.open_fee_usd ELSE v_buy.fee_usd * v_piece.size / v_buy.size END;
      v_piece.sell_fee_usd := CASE WHEN v_piece.size = v_remaining THEN v_fee_left ELSE v_sell.fee_usd * v_piece.size / v_sell.size END;
      v_piece.cost_basis_usd := v_buy.price_usd * v_piece.size + v_piece.buy_fee_usd;
      v_piece.net_proceeds_usd := v_sell.price_usd * v_piece.size - v_piece.sell_fee_usd;
      pieces := pieces || v_piece;

      v_remaining := v_remaining - v_piece.size;
      v_fee_left := v_fee_left - v_piece.sell_fee_usd;
      v_buy.open_size := v_buy.open_size - v_piece.size;
      v_buy.open_fee_usd := v_buy.open_fee_usd - v_piece.buy_fee_usd;
      IF v_buy.open_size = 0 THEN
        FETCH open_buys INTO v_buy;
      END IF;
    END LOOP;
  END LOOP;
  CLOSE open_buys;
END $$;

-- Stores pieces of a bot, and takes them from what is open of their fills.
CREATE FUNCTION store_allocations(p_bot_id text, p_pieces allocations[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO allocations (bot_id, sell_fill_id, buy_fill_id, sell_order_id, buy_order_id, symbol, size,
                           buy_fee_usd, sell_fee_usd, cost_basis_usd, net_proceeds_usd, bought_at, sold_at)
  SELECT bot_id, sell_fill_id, buy_fill_id, sell_order_id, buy_order_id, symbol, size,
         buy_fee_usd, sell_fee_usd, cost_basis_usd, net_proceeds_usd, bought_at, sold_at
  FROM unnest(p_pieces);

  UPDATE fills f
  SET open_size = f.open_size - taken.size, open_fee_usd = f.open_fee_usd - taken.fee
  FROM (
    SELECT found.ctid AS row, piece.size, piece.fee
    FROM (
      SELECT fill_id, sum(size) AS size, sum(fee) AS fee
      FROM (
        SELECT sell_fill_id AS fill_id, size, sell_fee_usd AS fee FROM unnest(p_pieces)
        UNION ALL
        SELECT buy_fill_id, size, buy_fee_usd FROM unnest(p_pieces)
      ) AS pieces
      GROUP BY fill_id
    ) AS piece
    CROSS JOIN LATERAL (SELECT ctid FROM fills WHERE bot_id = p_bot_id AND fill_id = piece.fill_id OFFSET 0) AS found
  ) AS taken
  WHERE f.ctid = taken.row
$$;

-- Works through a bot's pending matches, over at most p_budget sells, and rebuilds the trades they touch
-- together with those of p_orders. What is left stays pending.
CREATE FUNCTION match_pending(p_bot_id text, p_orders text[], p_budget integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
DECLARE
  v_pending pending_matches;
  v_undone  text[];
  v_match   record;
  v_orders  text[] := p_orders;
  v_pieces  allocations[] := '{}';
  v_matched text[] := '{}';
  v_budget  integer := p_budget;
BEGIN
  FOR v_pending IN SELECT * FROM pending_matches WHERE bot_id = p_bot_id ORDER BY symbol LOOP
    EXIT WHEN v_budget <= 0;
    v_undone := unmatch_sells(v_pending, v_budget);
    v_orders := v_orders || v_undone;
    v_budget := v_budget - cardinality(v_undone);
    CONTINUE WHEN v_budget <= 0;

    SELECT * INTO v_match FROM match_sells(v_pending, v_budget);
    v_orders := v_orders || v_match.orders;
    v_pieces := v_pieces || v_match.pieces;
    v_budget := v_budget - cardinality(v_match.orders);
    IF v_match.next_at IS NULL THEN
      v_matched := v_matched || v_pending.symbol;
    ELSE
      UPDATE pending_matches SET from_at = v_match.next_at, from_fill_id = v_match.next_fill_id
      WHERE bot_id = p_bot_id AND symbol = v_pending.symbol;
    END IF;
  END LOOP;

  DELETE FROM pending_matches WHERE bot_id = p_bot_id AND symbol = ANY (v_matched);
  PERFORM store_allocations(p_bot_id, v_pieces);
  PERFORM rebuild_trades(p_bot_id, ARRAY(SELECT DISTINCT unnest(v_orders)));
END $$;
