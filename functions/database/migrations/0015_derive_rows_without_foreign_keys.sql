-- Bots first, as every write does: a write that has its bot and waits for fills would wait for us, and we for it.
LOCK TABLE bots IN ACCESS EXCLUSIVE MODE;

-- Orders, allocations and trades are derived from fills and links, by functions that hold the bot's lock and make them anew
-- whole. A foreign key would look each of their rows up again, and, since plans are not kept there, plan each look-up:
-- half of the time that a batch of fills took. Fills and links come after their bot is locked, which makes it.
ALTER TABLE fills DROP CONSTRAINT fills_bot_id_fkey;
ALTER TABLE trade_strategy_link DROP CONSTRAINT trade_strategy_link_bot_id_fkey;
ALTER TABLE orders
  DROP CONSTRAINT orders_bot_id_fkey,
  DROP CONSTRAINT orders_bot_id_snapshot_id_fkey;
ALTER TABLE allocations
  DROP CONSTRAINT allocations_bot_id_sell_fill_id_fkey,
  DROP CONSTRAINT allocations_bot_id_buy_fill_id_fkey;
ALTER TABLE trades
  DROP CONSTRAINT trades_bot_id_order_id_fkey,
  DROP CONSTRAINT trades_bot_id_entry_snapshot_id_fkey,
  DROP CONSTRAINT trades_bot_id_exit_snapshot_id_fkey;
ALTER TABLE pending_matches DROP CONSTRAINT pending_matches_bot_id_fkey;

-- What is attributed to whom is in no index of its own, so that an order changes in place when its snapshot is settled.
DROP INDEX unmatched_sells;
CREATE INDEX unmatched_sells ON orders (bot_id, last_filled_at) WHERE side = 'sell' AND unmatched_size > 0;

-- The functions unmatch_sells and match_sells that take one pending match are left to the release before this one.
