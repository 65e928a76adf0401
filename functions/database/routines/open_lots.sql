-- What is open of every buy, told from fills and allocations: with this file, in one transaction with the routines that keep it.
DELETE FROM open_lots;
INSERT INTO open_lots (bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, fee_usd, open_size, open_fee_usd)
SELECT f.bot_id, f.symbol, f.filled_at, f.fill_id, f.order_id, f.price_usd, f.size, coalesce(f.fee_usd, 0),
  f.size - coalesce(sold.size, 0), coalesce(f.fee_usd, 0) - coalesce(sold.fee, 0)
FROM fills f
LEFT JOIN (
  SELECT bot_id, buy_fill_id, sum(size) AS size, sum(buy_fee_usd) AS fee FROM allocations GROUP BY bot_id, buy_fill_id
) AS sold ON sold.bot_id = f.bot_id AND sold.buy_fill_id = f.fill_id
WHERE f.side = 'buy' AND f.size > coalesce(sold.size, 0);

-- Routines of the release before. A write that waited for its bot meanwhile goes on with the body that it began with, and would open
-- no lots: without update_orders' older name it fails whole, and is sent again.
DROP FUNCTION IF EXISTS settle_orders(text, text[]);
DROP FUNCTION IF EXISTS match_again_from(fills);
DROP FUNCTION IF EXISTS store_allocations(text, allocations[]);
DROP FUNCTION IF EXISTS unmatch_sells(text, integer);
DROP FUNCTION IF EXISTS unmatch_sells(pending_matches, integer);
DROP FUNCTION IF EXISTS matched_sells(text, integer);
DROP FUNCTION IF EXISTS match_sells(text, integer);
DROP FUNCTION IF EXISTS match_sells(pending_matches, integer);
