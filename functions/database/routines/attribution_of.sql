-- To which snapshot an order belongs, and how that is known: by what the bot said of it, else by its time, unless it was traded by
-- hand. Written so that the planner makes it part of the statement that asks.
CREATE OR REPLACE FUNCTION attribution_of(p_bot_id text, p_order_id text, p_source text, p_placed_at timestamptz, p_first_filled_at timestamptz)
RETURNS TABLE (snapshot_id bigint, attribution text)
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT by_hand THEN coalesce(linked, timed) END,
    CASE WHEN by_hand THEN 'manual' WHEN linked IS NOT NULL THEN 'link' WHEN timed IS NOT NULL THEN 'time' ELSE 'none' END
  FROM (
    SELECT p_source IS NOT DISTINCT FROM 'manual' AS by_hand,
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
  ) AS told
$$;
