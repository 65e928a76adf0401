-- Marks the days of unmatched closing orders: the day of the order's last fill, under its own snapshot.
CREATE OR REPLACE FUNCTION mark_unmatched_orders(p_bot_id text, p_orders text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_zone text := trading_time_zone();
BEGIN
  INSERT INTO marked_days (bot_id, snapshot_id, date)
  SELECT DISTINCT p_bot_id, o.snapshot_id, (o.last_filled_at AT TIME ZONE v_zone)::date
  FROM unnest(p_orders) AS id
  CROSS JOIN LATERAL (
    SELECT unmatched_size, snapshot_id, last_filled_at FROM orders WHERE bot_id = p_bot_id AND order_id = id OFFSET 0
  ) AS o
  WHERE unmatched_size > 0 AND snapshot_id IS NOT NULL
  ON CONFLICT (snapshot_id, date) DO NOTHING;
END $$;
