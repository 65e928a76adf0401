-- Takes links: [{index, bot_id, order_id, client_order_id, snapshot_id, buy_score, sell_score, trigger_type, exit_reason,
-- indicators_fired, default_indicators_fired, indicator_breakdown, signal_time, config_hash, settings}], of several bots if need be. The first write wins and nulls are
-- filled in. Returns [{index, order_id, client_order_id, snapshot_id, status: created | updated | unchanged | rejected,
-- conflicts: [{field, stored, given}], reason}].
CREATE OR REPLACE FUNCTION link_trades(p_links jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '8s' SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_item      jsonb;
  v_given     trade_strategy_link;
  v_stored    trade_strategy_link;
  v_merged    trade_strategy_link;
  v_status    text;
  v_conflicts jsonb;
  v_order     text;
  v_fired     integer;
  v_results   jsonb;
  v_bot       record;
  v_plain     boolean;
  v_done      integer[];
  v_now       timestamptz;
  v_made      bigint[];
  v_touched   bigint[] := '{}';
  v_sells     text[];
BEGIN
  PERFORM plan_for(jsonb_array_length(p_links));
  PERFORM lock_bot(bot_id)
  FROM (SELECT DISTINCT link->>'bot_id' AS bot_id FROM jsonb_array_elements(p_links) AS link ORDER BY 1) AS bot;

  v_now := clock_timestamp();
  -- Links by order id alone are all that most bots send. Those that are new are stored at once; for the rest, and where
  -- client ids or given snapshots come in, one after the other in the order given.
  v_plain := NOT EXISTS (
    SELECT FROM jsonb_array_elements(p_links) AS link WHERE link->>'client_order_id' IS NOT NULL OR link->>'snapshot_id' IS NOT NULL);
  WITH given AS (
    SELECT DISTINCT ON (bot_id, order_id) *
    FROM jsonb_to_recordset(p_links) AS g (
      index integer, bot_id text COLLATE "C", order_id text COLLATE "C", buy_score numeric, sell_score numeric, trigger_type text,
      exit_reason text, indicators_fired integer, default_indicators_fired integer, indicator_breakdown jsonb,
      signal_time timestamptz, config_hash text, settings jsonb)
    WHERE v_plain
    ORDER BY bot_id, order_id, index
  ),
  made AS (
    INSERT INTO trade_strategy_link (bot_id, order_id, by_client_order_id, snapshot_id, snapshot_given, buy_score, sell_score, trigger_type,
      exit_reason, indicators_fired, indicator_breakdown, signal_time, created_at, attributed_at, config_hash, settings)
    SELECT bot_id, order_id, false,
      (SELECT active_snapshot FROM active_snapshot(given.bot_id, coalesce(signal_time, v_now))),
      false, buy_score, sell_score, trigger_type, exit_reason, coalesce(indicators_fired, default_indicators_fired),
      indicator_breakdown, signal_time, v_now, coalesce(signal_time, v_now), config_hash, settings
    FROM given
    ON CONFLICT (bot_id, order_id) DO NOTHING
    RETURNING link_id, bot_id, order_id
  )
  SELECT coalesce(array_agg(index), '{}'), coalesce(array_agg(link_id), '{}'),
    coalesce(jsonb_agg(jsonb_build_object('index', index, 'link_id', link_id, 'status', 'created', 'conflicts', '[]'::jsonb)), '[]')
  INTO v_done, v_made, v_results
  FROM made JOIN given USING (bot_id, order_id);

  FOR v_item IN
    SELECT link FROM jsonb_array_elements(p_links) AS link WHERE (link->>'index')::integer <> ALL (v_done)
  LOOP
    v_given := jsonb_populate_record(NULL::trade_strategy_link, v_item);
    v_given.by_client_order_id := v_given.order_id IS NULL;
    v_given.snapshot_given := v_given.snapshot_id IS NOT NULL;
    v_fired := coalesce(v_given.indicators_fired, (v_item->>'default_indicators_fired')::integer);

    IF v_given.snapshot_given AND NOT EXISTS (
      SELECT FROM strategy_snapshots WHERE bot_id = v_given.bot_id AND snapshot_id = v_given.snapshot_id) THEN
      v_results := v_results || jsonb_build_object('index', v_item->'index', 'status', 'rejected',
        'reason', format('snapshot_id: bot %s has no snapshot %s', v_given.bot_id, v_given.snapshot_id));
      CONTINUE;
    END IF;

    -- By the order: the one that was named, or the only one that bears the client id. Else by the client id, as long as
    -- it stands for one link.
    v_order := v_given.order_id;
    IF v_order IS NULL THEN
      SELECT CASE WHEN count(*) = 1 THEN min(order_id) END INTO v_order
      FROM orders
      WHERE bot_id = v_given.bot_id AND client_order_id = v_given.client_order_id;
    END IF;
    v_stored := NULL;
    SELECT * INTO v_stored FROM trade_strategy_link WHERE bot_id = v_given.bot_id AND order_id = v_order;
    IF NOT FOUND THEN
      SELECT * INTO v_stored
      FROM trade_strategy_link l
      WHERE l.bot_id = v_given.bot_id AND l.client_order_id = v_given.client_order_id AND (l.order_id IS NULL OR v_order IS NULL)
        -- What was linked by the client id alone is the same link when that comes again, whatever else has come to bear it.
        AND (v_given.by_client_order_id AND l.by_client_order_id
          OR NOT EXISTS (SELECT FROM trade_strategy_link other
                         WHERE other.bot_id = l.bot_id AND other.client_order_id = l.client_order_id AND other.link_id <> l.link_id));
    END IF;

    IF v_stored.link_id IS NULL THEN
      INSERT INTO trade_strategy_link (bot_id, order_id, client_order_id, by_client_order_id, snapshot_id, snapshot_given, buy_score,
        sell_score, trigger_type, exit_reason, indicators_fired, indicator_breakdown, signal_time, config_hash, settings)
      VALUES (v_given.bot_id, v_given.order_id, v_given.client_order_id, v_given.by_client_order_id, v_given.snapshot_id, v_given.snapshot_given,
        v_given.buy_score, v_given.sell_score, v_given.trigger_type, v_given.exit_reason, v_fired,
        v_given.indicator_breakdown, v_given.signal_time, v_given.config_hash, v_given.settings)
      RETURNING * INTO v_merged;
      v_status := 'created';
      v_conflicts := '[]';
    ELSE
      v_merged := v_stored;
      v_merged.order_id := coalesce(v_stored.order_id, v_given.order_id);
      v_merged.by_client_order_id := v_stored.by_client_order_id AND v_given.order_id IS NULL;
      v_merged.client_order_id := coalesce(v_stored.client_order_id, v_given.client_order_id);
      v_merged.snapshot_given := v_stored.snapshot_given OR v_given.snapshot_given;
      v_merged.snapshot_id := CASE WHEN v_stored.snapshot_given THEN v_stored.snapshot_id ELSE coalesce(v_given.snapshot_id, v_stored.snapshot_id) END;
      v_merged.buy_score := coalesce(v_stored.buy_score, v_given.buy_score);
      v_merged.sell_score := coalesce(v_stored.sell_score, v_given.sell_score);
      v_merged.trigger_type := coalesce(v_stored.trigger_type, v_given.trigger_type);
      v_merged.exit_reason := coalesce(v_stored.exit_reason, v_given.exit_reason);
      v_merged.indicators_fired := coalesce(v_stored.indicators_fired, v_fired);
      v_merged.indicator_breakdown := coalesce(v_stored.indicator_breakdown, v_given.indicator_breakdown);
      v_merged.signal_time := coalesce(v_stored.signal_time, v_given.signal_time);
      v_merged.config_hash := coalesce(v_stored.config_hash, v_given.config_hash);
      v_merged.settings := coalesce(v_stored.settings, v_given.settings);

      SELECT coalesce(jsonb_agg(jsonb_build_object('field', key, 'stored', at_most_300_characters(kept.value), 'given', at_most_300_characters(given.value)) ORDER BY key), '[]')
      INTO v_conflicts
      FROM jsonb_each(to_jsonb(v_given)) AS given
      JOIN jsonb_each(to_jsonb(v_merged)) AS kept USING (key)
      WHERE key IN ('client_order_id', 'snapshot_id', 'buy_score', 'sell_score', 'trigger_type', 'exit_reason',
                    'indicators_fired', 'indicator_breakdown', 'signal_time', 'config_hash', 'settings')
        AND given.value <> 'null' AND given.value <> kept.value;

      v_status := CASE WHEN v_merged = v_stored THEN 'unchanged' ELSE 'updated' END;
      UPDATE trade_strategy_link
      SET order_id = v_merged.order_id, by_client_order_id = v_merged.by_client_order_id, client_order_id = v_merged.client_order_id,
        snapshot_given = v_merged.snapshot_given, snapshot_id = v_merged.snapshot_id, buy_score = v_merged.buy_score,
        sell_score = v_merged.sell_score, trigger_type = v_merged.trigger_type, exit_reason = v_merged.exit_reason,
        indicators_fired = v_merged.indicators_fired, indicator_breakdown = v_merged.indicator_breakdown, signal_time = v_merged.signal_time,
        config_hash = v_merged.config_hash, settings = v_merged.settings
      WHERE link_id = v_stored.link_id AND v_status = 'updated';
    END IF;

    IF v_status <> 'unchanged' THEN
      v_touched := v_touched || v_merged.link_id;
    END IF;
    v_results := v_results || jsonb_build_object('index', v_item->'index', 'link_id', v_merged.link_id, 'status', v_status, 'conflicts', v_conflicts);
  END LOOP;

  -- Links whose order is not yet known: by the time that they have. A client id may find its order here.
  IF NOT v_plain THEN
    UPDATE trade_strategy_link l
    SET order_id = borne.only_order
    FROM (
      SELECT link.row, bearing.only_order
      FROM unnest(v_touched) AS id
      CROSS JOIN LATERAL (
        SELECT ctid AS row, bot_id, order_id, client_order_id, by_client_order_id FROM trade_strategy_link WHERE link_id = id OFFSET 0
      ) AS link
      CROSS JOIN LATERAL (
        SELECT min(order_id) AS only_order FROM orders
        WHERE bot_id = link.bot_id AND client_order_id = link.client_order_id
        HAVING count(*) = 1
      ) AS bearing
      WHERE by_client_order_id AND order_id IS NULL
    ) AS borne
    WHERE l.ctid = borne.row
      AND NOT EXISTS (SELECT FROM trade_strategy_link other WHERE other.bot_id = l.bot_id AND other.order_id = borne.only_order);
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
    v_sells := sells_that_depend_on(v_bot.bot_id, attribute_orders(v_bot.bot_id, v_bot.orders));
    IF v_sells <> '{}' THEN
      PERFORM rebuild_trades(v_bot.bot_id, v_sells);
    END IF;
  END LOOP;

  RETURN (
    SELECT coalesce(jsonb_agg(result - 'link_id' || coalesce(
      jsonb_build_object('order_id', l.order_id, 'client_order_id', l.client_order_id, 'snapshot_id', l.snapshot_id), '{}')), '[]')
    FROM jsonb_array_elements(v_results) AS result
    LEFT JOIN trade_strategy_link l ON l.link_id = (result->>'link_id')::bigint
  );
END $$;
