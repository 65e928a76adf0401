-- Open positions: the open lots of each book, grouped by entry snapshot, and valued at the symbol's latest price in any book.
-- Dust: less than dust_share() of each opening order is still open.
CREATE OR REPLACE VIEW open_positions AS
  SELECT lot.bot_id, lot.book_id, entry.snapshot_id AS entry_snapshot_id, lot.symbol, nullif(lot.position_id, '') AS position_id,
    CASE lot.side WHEN 'buy' THEN 'long' ELSE 'short' END AS side,
    min(lot.filled_at) AS opened_at,
    sum(lot.open_size) AS size,
    sum(lot.price_usd * lot.open_size) / sum(lot.open_size) AS entry_price_usd,
    sum(lot.price_usd * lot.open_size + lot.open_fee_usd) AS cost_usd,
    mark.price_usd AS mark_price_usd, mark.at AS marked_at,
    sum(CASE lot.side WHEN 'buy' THEN mark.price_usd - lot.price_usd ELSE lot.price_usd - mark.price_usd END * lot.open_size - lot.open_fee_usd)
      AS unrealised_pnl_usd,
    bool_and(entry.left_share < dust_share()) AS dust
  FROM (
    SELECT *, sum(open_size) OVER (PARTITION BY bot_id, book_id, order_id) AS left_of_order FROM open_lots
  ) AS lot
  CROSS JOIN LATERAL (
    SELECT o.snapshot_id, lot.left_of_order / sum(coalesce(f.net_size, f.size)) AS left_share
    FROM (SELECT snapshot_id FROM orders WHERE bot_id = lot.bot_id AND order_id = lot.order_id OFFSET 0) AS o
    CROSS JOIN LATERAL (SELECT net_size, size, book_id FROM fills WHERE bot_id = lot.bot_id AND order_id = lot.order_id OFFSET 0) AS f
    WHERE f.book_id = lot.book_id
    GROUP BY o.snapshot_id
  ) AS entry
  CROSS JOIN LATERAL (
    SELECT last_price_usd AS price_usd, last_filled_at AS at
    FROM books
    WHERE bot_id = lot.bot_id AND symbol = lot.symbol
    ORDER BY last_filled_at DESC
    LIMIT 1
  ) AS mark
  GROUP BY lot.bot_id, lot.book_id, entry.snapshot_id, lot.symbol, lot.position_id, lot.side, mark.price_usd, mark.at;
