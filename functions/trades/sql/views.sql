-- What the buy leg of an allocation cost, and what its sell leg brought, fees included.
CREATE OR REPLACE FUNCTION allocation_cost_usd(p_entry text, p_opening_usd numeric, p_closing_usd numeric, p_allocation allocation) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_entry
    WHEN 'buy' THEN p_opening_usd * (p_allocation).size + (p_allocation).opening_fee_usd
    ELSE p_closing_usd * (p_allocation).size + (p_allocation).closing_fee_usd
  END
$$;
CREATE OR REPLACE FUNCTION allocation_proceeds_usd(p_entry text, p_opening_usd numeric, p_closing_usd numeric, p_allocation allocation) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_entry
    WHEN 'buy' THEN p_closing_usd * (p_allocation).size - (p_allocation).closing_fee_usd
    ELSE p_opening_usd * (p_allocation).size - (p_allocation).opening_fee_usd
  END
$$;
GRANT EXECUTE ON FUNCTION allocation_cost_usd(text, numeric, numeric, allocation), allocation_proceeds_usd(text, numeric, numeric, allocation) TO app;

-- The allocations of a closing order, from the text of orders.allocations and the fills, which are looked up one by one.
CREATE OR REPLACE FUNCTION allocations_of(p_bot_id text, p_allocations text)
RETURNS TABLE (closing_fill_id text, opening_fill_id text, opening_order_id text, opened_at timestamptz, closed_at timestamptz, size numeric,
               opening_fee_usd numeric, closing_fee_usd numeric, cost_basis_usd numeric, net_proceeds_usd numeric)
LANGUAGE sql STABLE AS $$
  SELECT a.closing_fill_id, a.opening_fill_id, opening.order_id, opening.filled_at, closing.filled_at, a.size, a.opening_fee_usd, a.closing_fee_usd,
    allocation_cost_usd(opening.side, opening.usd, closing.usd, a), allocation_proceeds_usd(opening.side, opening.usd, closing.usd, a)
  FROM unnest(p_allocations::allocation[]) AS a
  CROSS JOIN LATERAL (
    SELECT order_id, side, filled_at, coalesce(price_usd, price) AS usd FROM fills WHERE fill_id = a.opening_fill_id AND bot_id = p_bot_id OFFSET 0
  ) AS opening
  CROSS JOIN LATERAL (
    SELECT filled_at, coalesce(price_usd, price) AS usd FROM fills WHERE fill_id = a.closing_fill_id AND bot_id = p_bot_id OFFSET 0
  ) AS closing
$$;
GRANT EXECUTE ON FUNCTION allocations_of(text, text) TO app;

-- All allocations, with their closing orders. Outer joins, so that a query that needs neither fill reads none.
CREATE OR REPLACE VIEW allocations AS
  SELECT *, net_proceeds_usd - cost_basis_usd AS pnl_usd, extract(epoch FROM closed_at - opened_at) AS hold_seconds
  FROM (
    SELECT o.bot_id, o.order_id AS closing_order_id, o.book_id, a.closing_fill_id, a.opening_fill_id, opening.order_id AS opening_order_id,
      opening.filled_at AS opened_at, closing.filled_at AS closed_at, a.size, a.opening_fee_usd, a.closing_fee_usd,
      allocation_cost_usd(opening.side, coalesce(opening.price_usd, opening.price), coalesce(closing.price_usd, closing.price), a) AS cost_basis_usd,
      allocation_proceeds_usd(opening.side, coalesce(opening.price_usd, opening.price), coalesce(closing.price_usd, closing.price), a) AS net_proceeds_usd
    FROM orders o
    CROSS JOIN LATERAL unnest(o.allocations::allocation[]) AS a
    LEFT JOIN fills opening ON opening.fill_id = a.opening_fill_id AND opening.bot_id = o.bot_id
    LEFT JOIN fills closing ON closing.fill_id = a.closing_fill_id AND closing.bot_id = o.bot_id
  ) AS allocated;

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
