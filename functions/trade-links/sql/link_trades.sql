-- Cuts a long value, such as an indicator breakdown, for use in a response: a row of the Data API has at most 64 KB.
CREATE OR REPLACE FUNCTION at_most_300_characters(p_value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(p_value::text) > 300 THEN to_jsonb(left(p_value::text, 300) || '…') ELSE p_value END
$$;

-- Finds the stored link of the same order: by order id, or by the only order with the client order id; otherwise by the client order id
-- itself, if that identifies one link. All null when there is none.
CREATE OR REPLACE FUNCTION stored_link(p_given trade_strategy_link) RETURNS trade_strategy_link
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_order  text := p_given.order_id;
  v_stored trade_strategy_link;
BEGIN
  IF v_order IS NULL THEN
    SELECT CASE WHEN count(*) = 1 THEN min(order_id) END INTO v_order
    FROM orders
    WHERE bot_id = p_given.bot_id AND client_order_id = p_given.client_order_id;
  END IF;
  SELECT * INTO v_stored FROM trade_strategy_link WHERE bot_id = p_given.bot_id AND order_id = v_order;
  IF NOT FOUND THEN
    SELECT * INTO v_stored
    FROM trade_strategy_link l
    WHERE l.bot_id = p_given.bot_id AND l.client_order_id = p_given.client_order_id AND (l.order_id IS NULL OR v_order IS NULL)
      -- A link made by client order id alone matches itself when it is repeated, even if other links have that id by now.
      AND (p_given.by_client_order_id AND l.by_client_order_id
        OR NOT EXISTS (SELECT FROM trade_strategy_link other
                       WHERE other.bot_id = l.bot_id AND other.client_order_id = l.client_order_id AND other.link_id <> l.link_id));
  END IF;
  RETURN v_stored;
END $$;

-- Stores links: [{index, default_indicators_fired, and columns of trade_strategy_link}], of one or several bots. The first write wins;
-- later ones only fill in nulls. Returns [{index, order_id, client_order_id, snapshot_id, status: created | updated | unchanged |
-- rejected, conflicts: [{field, stored, given}], reason}].
CREATE OR REPLACE FUNCTION link_trades(p_links jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_item      jsonb;
  v_given     trade_strategy_link;
  v_new       trade_strategy_link;
  v_stored    trade_strategy_link;
  v_status    text;
  v_conflicts jsonb;
  v_order     text;
  v_results   jsonb := '[]';
  v_bot       record;
  v_plain     boolean;
  v_done      integer[] := '{}';
  v_now       timestamptz;
  v_made      bigint[] := '{}';
  v_touched   bigint[] := '{}';
  v_closing     text[];
BEGIN
  PERFORM plan_for(jsonb_array_length(p_links));
  PERFORM lock_bot(bot_id)
  FROM (SELECT DISTINCT link->>'bot_id' AS bot_id FROM jsonb_array_elements(p_links) AS link ORDER BY 1) AS bot;

  v_now := clock_timestamp();
  -- Fast path: new links by order id alone, the usual case, are inserted in one statement. All others are processed one by one in the
  -- given order.
  v_plain := NOT EXISTS (
    SELECT FROM jsonb_array_elements(p_links) AS link WHERE link->>'client_order_id' IS NOT NULL OR link->>'snapshot_id' IS NOT NULL);
  IF v_plain THEN
    WITH given AS (
      SELECT DISTINCT ON (bot_id, order_id) link, link->>'bot_id' AS bot_id, link->>'order_id' AS order_id, (link->>'index')::integer AS index,
        coalesce((link->>'signal_time')::timestamptz, v_now) AS attributed_at
      FROM jsonb_array_elements(p_links) AS link
      ORDER BY bot_id, order_id, index
    ),
    made AS (
      INSERT INTO trade_strategy_link
      SELECT row.*
      FROM given
      CROSS JOIN LATERAL jsonb_populate_record(NULL::trade_strategy_link, link || jsonb_build_object(
        'link_id', nextval('link_ids'), 'created_at', v_now, 'attributed_at', attributed_at,
        'snapshot_id', (SELECT active_snapshot FROM active_snapshot(given.bot_id, attributed_at)),
        'indicators_fired', coalesce(link->>'indicators_fired', link->>'default_indicators_fired'))) AS row
      ON CONFLICT (bot_id, order_id) DO NOTHING
      RETURNING link_id, bot_id, order_id
    )
    SELECT coalesce(array_agg(index), '{}'), coalesce(array_agg(link_id), '{}'),
      coalesce(jsonb_agg(jsonb_build_object('index', index, 'link_id', link_id, 'status', 'created', 'conflicts', '[]'::jsonb)), '[]')
    INTO v_done, v_made, v_results
    FROM made JOIN given USING (bot_id, order_id);
  END IF;

  FOR v_item IN
    SELECT link FROM jsonb_array_elements(p_links) AS link WHERE (link->>'index')::integer <> ALL (v_done)
  LOOP
    v_given := jsonb_populate_record(NULL::trade_strategy_link, v_item);
    IF v_given.snapshot_given AND NOT EXISTS (
      SELECT FROM strategy_snapshots WHERE bot_id = v_given.bot_id AND snapshot_id = v_given.snapshot_id) THEN
      v_results := v_results || jsonb_build_object('index', v_item->'index', 'status', 'rejected',
        'reason', format('snapshot_id: bot %s has no snapshot %s', v_given.bot_id, v_given.snapshot_id));
      CONTINUE;
    END IF;
    v_stored := stored_link(v_given);
    v_new := v_given;
    v_new.indicators_fired := coalesce(v_given.indicators_fired, (v_item->>'default_indicators_fired')::integer);

    IF v_stored.link_id IS NULL THEN
      v_new.link_id := nextval('link_ids');
      v_new.created_at := v_now;
      v_new.attributed_at := v_now;
      v_status := 'created';
      v_conflicts := '[]';
    ELSE
      v_new := merged_link(v_stored, v_new);
      SELECT coalesce(jsonb_agg(jsonb_build_object('field', key, 'stored', at_most_300_characters(kept.value), 'given', at_most_300_characters(given.value)) ORDER BY key), '[]')
      INTO v_conflicts
      FROM jsonb_each(to_jsonb(v_given)) AS given
      JOIN jsonb_each(to_jsonb(v_new)) AS kept USING (key)
      WHERE key NOT IN ('by_client_order_id', 'snapshot_given') AND given.value <> 'null' AND given.value <> kept.value;
      v_status := CASE WHEN v_new = v_stored THEN 'unchanged' ELSE 'updated' END;
      DELETE FROM trade_strategy_link WHERE link_id = v_stored.link_id AND v_status = 'updated';
    END IF;

    IF v_status <> 'unchanged' THEN
      INSERT INTO trade_strategy_link SELECT v_new.*;
      v_touched := v_touched || v_new.link_id;
    END IF;
    v_results := v_results || jsonb_build_object('index', v_item->'index', 'link_id', v_new.link_id, 'status', v_status, 'conflicts', v_conflicts);
  END LOOP;

  -- Resolves client order ids to known orders. Links without a known order are attributed by their own time.
  IF NOT v_plain THEN
    UPDATE trade_strategy_link l
    SET order_id = resolved.only_order
    FROM (
      SELECT link.row, matching.only_order
      FROM unnest(v_touched) AS id
      CROSS JOIN LATERAL (
        SELECT ctid AS row, bot_id, order_id, client_order_id, by_client_order_id FROM trade_strategy_link WHERE link_id = id OFFSET 0
      ) AS link
      CROSS JOIN LATERAL (
        SELECT min(order_id) AS only_order FROM orders
        WHERE bot_id = link.bot_id AND client_order_id = link.client_order_id
        HAVING count(*) = 1
      ) AS matching
      WHERE by_client_order_id AND order_id IS NULL
    ) AS resolved
    WHERE l.ctid = resolved.row
      AND NOT EXISTS (SELECT FROM trade_strategy_link other WHERE other.bot_id = l.bot_id AND other.order_id = resolved.only_order);
  END IF;

  IF v_touched <> '{}' THEN
    UPDATE trade_strategy_link l
    SET attributed_at = touched.at, snapshot_id = (SELECT active_snapshot FROM active_snapshot(l.bot_id, touched.at))
    FROM (
      SELECT link.row, coalesce(link.signal_time, link.created_at) AS at
      FROM unnest(v_touched) AS id
      CROSS JOIN LATERAL (
        SELECT ctid AS row, snapshot_given, signal_time, created_at FROM trade_strategy_link WHERE link_id = id OFFSET 0
      ) AS link
      WHERE NOT snapshot_given
    ) AS touched
    WHERE l.ctid = touched.row
      AND NOT EXISTS (SELECT FROM orders o WHERE o.bot_id = l.bot_id AND o.order_id = l.order_id);
  END IF;

  FOR v_bot IN
    SELECT bot_id, array_agg(order_id) AS orders
    FROM trade_strategy_link l
    CROSS JOIN LATERAL (SELECT FROM orders o WHERE o.bot_id = l.bot_id AND o.order_id = l.order_id OFFSET 0) AS known
    WHERE link_id = ANY (v_made || v_touched)
    GROUP BY bot_id
    ORDER BY bot_id
  LOOP
    v_closing := closing_orders_of(v_bot.bot_id, attribute_orders(v_bot.bot_id, v_bot.orders));
    IF v_closing <> '{}' THEN
      PERFORM rebuild_trades(v_bot.bot_id, v_closing);
    END IF;
  END LOOP;

  RETURN (
    SELECT coalesce(jsonb_agg(result - 'link_id' || coalesce(
      jsonb_build_object('order_id', l.order_id, 'client_order_id', l.client_order_id, 'snapshot_id', l.snapshot_id), '{}')), '[]')
    FROM jsonb_array_elements(v_results) AS result
    LEFT JOIN trade_strategy_link l ON l.link_id = (result->>'link_id')::bigint
  );
END $$;

GRANT EXECUTE ON FUNCTION link_trades(jsonb) TO app;
