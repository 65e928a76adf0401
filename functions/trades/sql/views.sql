-- The allocations of a closing order, from the text of orders.allocations and the fills: in the order of the text.
CREATE OR REPLACE FUNCTION allocations_of(p_bot_id text, p_allocations text)
RETURNS TABLE (closing_fill_id text, opening_fill_id text, opening_order_id text, opened_at timestamptz, closed_at timestamptz, size numeric,
               opening_fee_usd numeric, closing_fee_usd numeric, cost_basis_usd numeric, net_proceeds_usd numeric)
LANGUAGE sql STABLE AS $$
  SELECT a.closing_fill_id, a.opening_fill_id, opening.order_id, opening.filled_at, closing.filled_at, a.size, a.opening_fee_usd, a.closing_fee_usd,
    CASE opening.side WHEN 'buy' THEN opening.usd * a.size + a.opening_fee_usd ELSE closing.usd * a.size + a.closing_fee_usd END,
    CASE opening.side WHEN 'buy' THEN closing.usd * a.size - a.closing_fee_usd ELSE opening.usd * a.size - a.opening_fee_usd END
  FROM unnest(p_allocations::allocation[]) AS a
  CROSS JOIN LATERAL (
    SELECT order_id, side, filled_at, coalesce(price_usd, price) AS usd FROM fills WHERE fill_id = a.opening_fill_id AND bot_id = p_bot_id OFFSET 0
  ) AS opening
  CROSS JOIN LATERAL (
    SELECT filled_at, coalesce(price_usd, price) AS usd FROM fills WHERE fill_id = a.closing_fill_id AND bot_id = p_bot_id OFFSET 0
  ) AS closing
$$;
GRANT EXECUTE ON FUNCTION allocations_of(text, text) TO app;

-- All allocations, with their closing orders.
CREATE OR REPLACE VIEW allocations AS
  SELECT o.bot_id, o.order_id AS closing_order_id, o.book_id, a.*, a.net_proceeds_usd - a.cost_basis_usd AS pnl_usd,
    extract(epoch FROM a.closed_at - a.opened_at) AS hold_seconds
  FROM orders o
  CROSS JOIN LATERAL allocations_of(o.bot_id, o.allocations) AS a;

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
