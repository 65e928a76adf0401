-- Bots first, as every write does: a write that has its bot and waits for fills would wait for us, and we for it.
LOCK TABLE bots IN ACCESS EXCLUSIVE MODE;

-- What of a buy is not yet sold, in the order in which it will be, with what is needed to sell it. A fill is written once and stays
-- as it is; what is unmatched of a sell is told from its allocations. The routines keep and first fill this table.
CREATE TABLE open_lots (
  bot_id       text COLLATE "C" NOT NULL,
  symbol       text COLLATE "C" NOT NULL,
  filled_at    timestamptz NOT NULL,
  fill_id      text COLLATE "C" NOT NULL,
  order_id     text COLLATE "C" NOT NULL,
  price_usd    numeric NOT NULL,
  size         numeric NOT NULL,
  fee_usd      numeric NOT NULL,
  open_size    numeric NOT NULL CHECK (open_size > 0 AND open_size <= size),
  open_fee_usd numeric NOT NULL,
  PRIMARY KEY (bot_id, symbol, filled_at, fill_id)
);
ALTER TABLE open_lots ALTER COLUMN bot_id SET STATISTICS 0;
GRANT SELECT ON open_lots TO app;

-- Functions of the release before read these two until they are replaced, minutes later: they see what was open at this moment.
-- A release later they go, and open_buys_in_fifo_order with them.
ALTER TABLE fills ALTER COLUMN open_size SET DEFAULT 0, ALTER COLUMN open_fee_usd SET DEFAULT 0;
COMMENT ON COLUMN fills.open_size IS 'Kept no longer: see open_lots';
COMMENT ON COLUMN fills.open_fee_usd IS 'Kept no longer: see open_lots';

-- Allocations in the order of their sells, which is that of their buys too: matching walks along them.
DROP INDEX allocations_by_sell_order, allocations_by_buy_order;
ALTER TABLE allocations
  DROP CONSTRAINT allocations_pkey,
  ADD PRIMARY KEY (bot_id, symbol, sold_at, sell_fill_id, bought_at, buy_fill_id);

-- Plans of small writes are kept, and may have been made when a table was empty. All indexes that begin with the bot look alike to the
-- planner then, and it takes the one that was made last: so by what rows are looked up, one by one, its index either begins
-- with what tells them apart, or is made last.
CREATE INDEX allocations_by_sell_order ON allocations (sell_order_id, bot_id);
CREATE INDEX allocations_by_buy_order ON allocations (buy_order_id, bot_id);
DROP INDEX fills_by_order;
CREATE INDEX fills_by_order ON fills (order_id, bot_id);
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (bot_id, order_id);
ALTER TABLE trades DROP CONSTRAINT trades_pkey, ADD PRIMARY KEY (bot_id, order_id, part);
DROP INDEX links_by_client_order_id, one_link_by_client_order_id, orders_by_client_order_id;
ALTER TABLE trade_strategy_link
  DROP CONSTRAINT trade_strategy_link_bot_id_order_id_key,
  ADD UNIQUE (order_id, bot_id);
CREATE INDEX orders_by_client_order_id ON orders (client_order_id, bot_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX links_by_client_order_id ON trade_strategy_link (client_order_id, bot_id) WHERE client_order_id IS NOT NULL;
CREATE UNIQUE INDEX one_link_by_client_order_id ON trade_strategy_link (client_order_id, bot_id) WHERE by_client_order_id;

-- The release before leaves the routines of this one as they are, since its own have not changed for it. One that has others would put
-- them back, which would open no lots: it is refused.
ALTER TABLE applied_migrations ADD CONSTRAINT a_release_before_open_lots_cannot_be_put_back CHECK (name NOT LIKE 'routines/%') NOT VALID;

-- Until when a symbol was changed: later than that, matching may stop where it finds what was matched before.
ALTER TABLE pending_matches ADD COLUMN until_at timestamptz NOT NULL DEFAULT 'infinity';
