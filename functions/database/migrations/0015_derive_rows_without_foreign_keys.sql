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

-- A symbol's last sells from a position on that are matched, at most p_budget of them. The only plan is a walk along their
-- index, which may be kept.
CREATE FUNCTION matched_sells(p_pending pending_matches, p_budget integer, OUT fill_ids text[], OUT order_ids text[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = auto SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
  SELECT array_agg(fill_id), array_agg(order_id) INTO fill_ids, order_ids
  FROM (
    SELECT fill_id, order_id
    FROM fills
    WHERE bot_id = p_pending.bot_id AND symbol = p_pending.symbol AND side = 'sell'
      AND (filled_at, fill_id) >= (p_pending.from_at, p_pending.from_fill_id)
      AND open_size < size
    ORDER BY filled_at DESC, fill_id DESC
    LIMIT p_budget
  ) AS latest;
END $$;
