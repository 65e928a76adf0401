-- The snapshot to which an order is attributed, and how: by its link, else by its time; manual orders have none. Written so that the
-- planner inlines it.
CREATE OR REPLACE FUNCTION attribution_of(p_bot_id text, p_order_id text, p_source text, p_placed_at timestamptz, p_first_filled_at timestamptz)
RETURNS TABLE (snapshot_id uuid, attribution text)
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT is_manual THEN coalesce(linked, timed) END,
    CASE WHEN is_manual THEN 'manual' WHEN linked IS NOT NULL THEN 'link' WHEN timed IS NOT NULL THEN 'time' ELSE 'none' END
  FROM (
    SELECT p_source IS NOT DISTINCT FROM 'manual' AS is_manual,
      (
        SELECT CASE
          WHEN snapshot_given THEN l.snapshot_id
          ELSE (SELECT active_snapshot FROM active_snapshot(p_bot_id, coalesce(signal_time, least(created_at, p_first_filled_at))))
        END
        FROM trade_strategy_link l
        WHERE l.bot_id = p_bot_id AND l.order_id = p_order_id
      ) AS linked,
      (SELECT active_snapshot FROM active_snapshot(p_bot_id, coalesce(p_placed_at, p_first_filled_at))) AS timed
    OFFSET 0
  ) AS evidence
$$;

-- Attributes these orders and their links to snapshots, and those that share a client order id with them. Marks the days that unmatched
-- sells leave and enter. Returns the orders whose attribution changed.
--
-- Rows are looked up one by one by their ids, as in every write: see plan_for in database/sql/writes.sql. Other conditions are outside the look-up,
-- because the planner would otherwise choose a partial index with such a condition and read all of it.
CREATE OR REPLACE FUNCTION attribute_orders(p_bot_id text, p_orders text[]) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone    text := trading_time_zone();
  v_clients text[];
  v_orders  text[] := p_orders;
  v_changed text[];
  v_pair    record;
BEGIN
  SELECT array_agg(DISTINCT o.client_order_id) INTO v_clients
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT client_order_id, true AS applies FROM orders WHERE bot_id = p_bot_id AND order_id = id
    UNION ALL
    -- A client order id that the order had before a correction.
    SELECT client_order_id, by_client_order_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
  ) AS o
  WHERE applies AND client_order_id IS NOT NULL;

  IF v_clients IS NOT NULL THEN
    SELECT coalesce(array_agg(DISTINCT order_id), '{}') INTO v_orders
    FROM (
      SELECT unnest(p_orders) AS order_id
      UNION ALL
      SELECT o.order_id
      FROM unnest(v_clients) AS client
      CROSS JOIN LATERAL (SELECT order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client OFFSET 0) AS o
    ) AS touched;

    -- If an order is linked both by its client order id and by its own id, merge the two links.
    FOR v_pair IN
      SELECT by_order.link AS kept, by_client.link AS extra
      FROM unnest(v_clients) AS client
      CROSS JOIN LATERAL (
        SELECT l AS link FROM trade_strategy_link l WHERE bot_id = p_bot_id AND client_order_id = client AND by_client_order_id OFFSET 0
      ) AS by_client
      CROSS JOIN LATERAL (
        SELECT min(order_id) AS order_id FROM orders WHERE bot_id = p_bot_id AND client_order_id = client HAVING count(*) = 1
      ) AS holders
      CROSS JOIN LATERAL (
        SELECT l AS link FROM trade_strategy_link l WHERE bot_id = p_bot_id AND order_id = holders.order_id AND NOT by_client_order_id OFFSET 0
      ) AS by_order
    LOOP
      DELETE FROM trade_strategy_link WHERE link_id IN ((v_pair.kept).link_id, (v_pair.extra).link_id);
      INSERT INTO trade_strategy_link SELECT merged.* FROM merged_link(v_pair.kept, v_pair.extra) AS merged;
    END LOOP;

    -- A link by client order id has an order only while exactly one order has that id.
    UPDATE trade_strategy_link l
    SET order_id = resolved.only_order
    FROM (
      SELECT link.ctid AS row, CASE WHEN holders.orders = 1 THEN holders.first_order END AS only_order
      FROM unnest(v_clients) AS client
      CROSS JOIN LATERAL (
        SELECT ctid, link_id FROM trade_strategy_link WHERE bot_id = p_bot_id AND client_order_id = client AND by_client_order_id OFFSET 0
      ) AS link
      CROSS JOIN LATERAL (
        SELECT count(*) AS orders, min(order_id) AS first_order FROM orders WHERE bot_id = p_bot_id AND client_order_id = client
      ) AS holders
    ) AS resolved
    WHERE l.ctid = resolved.row AND l.order_id IS DISTINCT FROM resolved.only_order;
  END IF;

  UPDATE trade_strategy_link l
  SET attributed_at = attributed.at, snapshot_id = attributed.snapshot_id
  FROM (
    SELECT link.ctid AS row, timed.at, (SELECT active_snapshot FROM active_snapshot(p_bot_id, timed.at)) AS snapshot_id
    FROM unnest(v_orders) AS id
    CROSS JOIN LATERAL (
      SELECT ctid, snapshot_given, signal_time, created_at FROM trade_strategy_link WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
    ) AS link
    CROSS JOIN LATERAL (SELECT first_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0) AS o
    CROSS JOIN LATERAL (SELECT coalesce(link.signal_time, least(link.created_at, o.first_filled_at)) AS at) AS timed
    WHERE NOT link.snapshot_given
  ) AS attributed
  WHERE l.ctid = attributed.row AND (l.attributed_at, l.snapshot_id) IS DISTINCT FROM (attributed.at, attributed.snapshot_id);

  WITH attributed AS (
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
    FROM attributed a
    WHERE o.ctid = a.row AND (o.snapshot_id, o.attribution) IS DISTINCT FROM (a.snapshot_id, a.attribution)
    RETURNING o.order_id, a.was, o.snapshot_id, o.unmatched_size, o.last_filled_at
  ),
  marked AS (
    INSERT INTO marked_days (bot_id, snapshot_id, date)
    SELECT DISTINCT p_bot_id, snapshot, (last_filled_at AT TIME ZONE v_zone)::date
    FROM changed
    CROSS JOIN LATERAL (VALUES (was), (changed.snapshot_id)) AS either (snapshot)
    WHERE unmatched_size > 0 AND snapshot IS NOT NULL
    ON CONFLICT (snapshot_id, date) DO NOTHING
  )
  SELECT coalesce(array_agg(order_id), '{}') INTO v_changed FROM changed;
  RETURN v_changed;
END $$;

-- Attributes again the orders and links of a period whose snapshot has changed, rebuilds their trades, and marks the days.
CREATE OR REPLACE FUNCTION settle_period(p_bot_id text, p_from timestamptz, p_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_orders  text[];
  v_changed text[];
BEGIN
  UPDATE trade_strategy_link
  SET snapshot_id = (SELECT active_snapshot FROM active_snapshot(p_bot_id, attributed_at))
  WHERE bot_id = p_bot_id AND NOT snapshot_given AND attributed_at >= p_from AND attributed_at < p_until;

  SELECT array_agg(order_id) INTO v_orders
  FROM (
    SELECT order_id FROM orders
    WHERE bot_id = p_bot_id AND attributed_at >= p_from AND attributed_at < p_until
    UNION
    SELECT order_id FROM trade_strategy_link
    WHERE bot_id = p_bot_id AND NOT snapshot_given AND attributed_at >= p_from AND attributed_at < p_until AND order_id IS NOT NULL
  ) AS touched;
  IF v_orders IS NOT NULL THEN
    v_changed := attribute_orders(p_bot_id, v_orders);
    PERFORM rebuild_trades(p_bot_id, closing_orders_of(p_bot_id, v_changed));
  END IF;

  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT summary.bot_id, summary.snapshot_id, summary.date
  FROM strategy_performance_summary summary
  WHERE summary.bot_id = p_bot_id AND summary.date BETWEEN trading_day(p_from) AND trading_day(p_until)
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;
