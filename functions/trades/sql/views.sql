-- Open lots: the first open lot of each book, and all later fills on its side.
CREATE OR REPLACE VIEW open_lots AS
  SELECT b.bot_id, b.book_id, b.symbol, b.position_side, b.position_id, f.side, f.fill_id, f.order_id, f.filled_at,
    coalesce(f.price_usd, f.price) AS price_usd,
    CASE WHEN f.fill_id = b.open_fill_id THEN b.open_size ELSE coalesce(f.net_size, f.size) END AS open_size,
    CASE WHEN f.fill_id = b.open_fill_id THEN b.open_fee_usd ELSE coalesce(f.fee_usd, 0) END AS open_fee_usd
  FROM books b
  CROSS JOIN LATERAL (
    SELECT * FROM fills
    WHERE book_id = b.book_id AND (filled_at, fill_id) >= (b.opened_at, b.open_fill_id)
    OFFSET 0
  ) AS f
  WHERE b.open_fill_id IS NOT NULL AND f.side = b.open_side;

-- All allocations, with their closing orders.
CREATE OR REPLACE VIEW allocations AS
  SELECT o.bot_id, o.order_id AS closing_order_id, o.book_id, a.*, a.net_proceeds_usd - a.cost_basis_usd AS pnl_usd,
    extract(epoch FROM a.closed_at - a.opened_at) AS hold_seconds
  FROM orders o
  CROSS JOIN LATERAL unnest(o.allocations) AS a;
