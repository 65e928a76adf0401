-- Rows are found one by one, by their ids, as everywhere in a write: see 0005_match_and_attribute. What else is asked of them is asked
-- outside of the look-up: the planner would take an index of only such rows, and read all of them.
--
-- Settles the snapshot of every link and order named, and of those that share a client id with them.
-- Marks the days of unmatched sells that it moves. Returns the orders whose attribution changed.
CREATE OR REPLACE FUNCTION attribute_orders(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone    text := trading_time_zone();
  v_clients text[];
  v_orders  text[] := p_orders;
  v_changed text[];
BEGIN
  SELECT array_agg(DISTINCT o.client_order_id) INTO v_clients
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT client_order_id, true AS bears FROM orders WHERE bot_id = p_bot_id AND order_id = id
    UNION ALL
    -- One that it bore before a correction.
    SELECT client_order_id, by_client_order_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
  ) AS o
  WHERE bears AND client_order_id IS NOT NULL;

  IF v_clients IS NOT NULL THEN
    SELECT coalesce(array_agg(DISTINCT order_id), '{}') INTO v_orders
    FROM (
      SELECT unnest(p_orders) AS order_id
      UNION ALL
      SELECT o.order_id
      FROM unnest(v_clients) AS client
      CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client OFFSET 0) AS o
    ) AS touched;

    -- A link by client id whose order turns out to be linked by its own id: one order, one link. What the other lacks goes over.
    WITH twins AS (
      SELECT by_client.row AS extra, by_order.row AS kept
      FROM unnest(v_clients) AS client
      CROSS JOIN LATERAL (
        SELECT ctid AS row FROM trade_strategy_link WHERE bot_id = p_bot_id AND client_order_id = client AND by_client_order_id OFFSET 0
      ) AS by_client
      CROSS JOIN LATERAL (
        SELECT min(order_id) AS order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client HAVING count(*) = 1
      ) AS bearing
      CROSS JOIN LATERAL (
        SELECT ctid AS row FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = bearing.order_id AND NOT by_client_order_id OFFSET 0
      ) AS by_order
    ),
    gone AS (
      DELETE FROM trade_strategy_link l USING twins WHERE l.ctid = twins.extra RETURNING l.*, twins.kept
    )
    UPDATE trade_strategy_link l
    SET client_order_id = coalesce(l.client_order_id, gone.client_order_id),
      snapshot_id = CASE WHEN gone.snapshot_given AND NOT l.snapshot_given THEN gone.snapshot_id ELSE l.snapshot_id END,
      snapshot_given = l.snapshot_given OR gone.snapshot_given,
      buy_score = coalesce(l.buy_score, gone.buy_score), sell_score = coalesce(l.sell_score, gone.sell_score),
      trigger_type = coalesce(l.trigger_type, gone.trigger_type), exit_reason = coalesce(l.exit_reason, gone.exit_reason),
      indicators_fired = coalesce(l.indicators_fired, gone.indicators_fired),
      indicator_breakdown = coalesce(l.indicator_breakdown, gone.indicator_breakdown),
      signal_time = coalesce(l.signal_time, gone.signal_time),
      config_hash = coalesce(l.config_hash, gone.config_hash), settings = coalesce(l.settings, gone.settings)
    FROM gone
    WHERE l.ctid = gone.kept;

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
  END IF;

  UPDATE trade_strategy_link l
  SET attributed_at = settled.at, snapshot_id = settled.snapshot_id
  FROM (
    SELECT link.ctid AS row, timed.at, (SELECT active_snapshot FROM active_snapshot(p_bot_id, timed.at)) AS snapshot_id
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid, snapshot_given, signal_time, created_at FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS link
    CROSS JOIN LATERAL (SELECT first_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
    CROSS JOIN LATERAL (SELECT coalesce(link.signal_time, least(link.created_at, o.first_filled_at)) AS at) AS timed
    WHERE NOT link.snapshot_given
  ) AS settled
  WHERE l.ctid = settled.row AND (l.attributed_at, l.snapshot_id) IS DISTINCT FROM (settled.at, settled.snapshot_id);

  WITH settled AS (
    SELECT o.row, o.snapshot_id AS was, a.snapshot_id, a.attribution
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid AS row, snapshot_id, source, placed_at, first_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS o
    CROSS JOIN LATERAL attribution_of(p_bot_id, id, o.source, o.placed_at, o.first_filled_at) AS a
  ),
  changed AS (
    UPDATE orders o
    SET snapshot_id = a.snapshot_id, attribution = a.attribution
    FROM settled a
    WHERE o.ctid = a.row AND (o.snapshot_id, o.attribution) IS DISTINCT FROM (a.snapshot_id, a.attribution)
    RETURNING o.order_id, a.was, o.snapshot_id, o.side, o.unmatched_size, o.last_filled_at
  ),
  marked AS (
    INSERT INTO marked_days (bot_id, snapshot_id, date)
    SELECT DISTINCT p_bot_id, snapshot, (last_filled_at AT TIME ZONE v_zone)::date
    FROM changed
    CROSS JOIN LATERAL (VALUES (was), (changed.snapshot_id)) AS either (snapshot)
    WHERE side = 'sell' AND unmatched_size > 0 AND snapshot IS NOT NULL
    ON CONFLICT (snapshot_id, date) DO NOTHING
  )
  SELECT coalesce(array_agg(order_id), '{}') INTO v_changed FROM changed;
  RETURN v_changed;
END $$;
