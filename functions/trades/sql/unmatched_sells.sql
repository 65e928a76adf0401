-- The summary rows of unmatched sells: under the exit snapshot, on the order's closing day.
CREATE OR REPLACE FUNCTION mark_unmatched_sells(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, sell.snapshot_id, (sell.last_filled_at AT TIME ZONE v_zone)::date
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT side, unmatched_size, snapshot_id, last_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
  ) AS sell
  WHERE side = 'sell' AND unmatched_size > 0 AND snapshot_id IS NOT NULL
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;
