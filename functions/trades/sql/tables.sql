-- One execution reported by the exchange.
CREATE TABLE fills (
  bot_id          text COLLATE "C" NOT NULL,
  fill_id         text COLLATE "C" NOT NULL,
  order_id        text COLLATE "C" NOT NULL,
  symbol          text COLLATE "C" NOT NULL CHECK (length(symbol) BETWEEN 1 AND 64),
  side            text COLLATE "C" NOT NULL CHECK (side IN ('buy', 'sell')),
  price           numeric NOT NULL CHECK (price > 0 AND price < 'Infinity'),
  size            numeric NOT NULL CHECK (size > 0 AND size < 'Infinity'),
  fee_usd         numeric CHECK (fee_usd > '-Infinity' AND fee_usd < 'Infinity'),
  quote_usd       numeric CHECK (quote_usd > 0 AND quote_usd < 'Infinity'),
  price_usd       numeric NOT NULL CHECK (price_usd > 0 AND price_usd < 'Infinity'),
  filled_at       timestamptz NOT NULL,
  placed_at       timestamptz,
  client_order_id text COLLATE "C",
  source          text,
  received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (bot_id, fill_id)
);
CREATE INDEX sells_in_fifo_order ON fills (bot_id, symbol, filled_at, fill_id) WHERE side = 'sell';
CREATE INDEX fills_by_order ON fills (order_id, bot_id);

-- What was wrong with a fill and what it said before, kept for ever. `fills` holds what is true now; a voided fill is recorded here
-- alone, so that it is recognised when it is sent again.
CREATE TABLE fill_corrections (
  correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bot_id        text COLLATE "C" NOT NULL REFERENCES bots,
  fill_id       text COLLATE "C" NOT NULL,
  request_hash  text NOT NULL,
  reason        text NOT NULL,
  before        jsonb NOT NULL,
  after         jsonb,
  corrected_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (bot_id, fill_id, request_hash)
);
CREATE INDEX fill_corrections_by_bot ON fill_corrections (bot_id, correction_id);
CREATE INDEX fill_corrections_by_fill ON fill_corrections (bot_id, fill_id, correction_id);

-- Orders, lots, allocations and trades are derived from fills and links by functions that hold the bot's lock and replace them whole.
-- They have no foreign keys: each would look its row up again, and plan that look-up each time, which took half of the time of a batch.

-- The fills that share an order_id, and the snapshot to which they are attributed.
CREATE TABLE orders (
  bot_id          text COLLATE "C" NOT NULL,
  order_id        text COLLATE "C" NOT NULL,
  client_order_id text COLLATE "C",
  symbol          text COLLATE "C" NOT NULL,
  side            text COLLATE "C" NOT NULL CHECK (side IN ('buy', 'sell')),
  source          text,
  placed_at       timestamptz,
  first_filled_at timestamptz NOT NULL,
  last_filled_at  timestamptz NOT NULL,
  attributed_at   timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(placed_at, first_filled_at)) STORED,
  unmatched_size  numeric NOT NULL DEFAULT 0,
  snapshot_id     uuid,
  attribution     text NOT NULL DEFAULT 'none' CHECK (attribution IN ('manual', 'link', 'time', 'none')),
  CHECK ((snapshot_id IS NOT NULL) = (attribution IN ('link', 'time')))
);
CREATE INDEX orders_by_attributed_at ON orders (bot_id, attributed_at);
CREATE INDEX orders_by_last_fill ON orders (bot_id, last_filled_at);
-- No index has the snapshot in it, so that an order is updated in place when its snapshot is settled.
CREATE INDEX unmatched_sells ON orders (bot_id, last_filled_at) WHERE side = 'sell' AND unmatched_size > 0;
ALTER TABLE orders ADD PRIMARY KEY (bot_id, order_id);
CREATE INDEX orders_by_client_order_id ON orders (client_order_id, bot_id) WHERE client_order_id IS NOT NULL;

-- What is left of a buy, in FIFO order, with what is needed to match it.
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

-- A piece of a sell matched to a piece of a buy.
CREATE TABLE allocations (
  bot_id           text COLLATE "C" NOT NULL,
  sell_fill_id     text COLLATE "C" NOT NULL,
  buy_fill_id      text COLLATE "C" NOT NULL,
  sell_order_id    text COLLATE "C" NOT NULL,
  buy_order_id     text COLLATE "C" NOT NULL,
  symbol           text COLLATE "C" NOT NULL,
  size             numeric NOT NULL CHECK (size > 0),
  buy_fee_usd      numeric NOT NULL,
  sell_fee_usd     numeric NOT NULL,
  cost_basis_usd   numeric NOT NULL,
  net_proceeds_usd numeric NOT NULL,
  pnl_usd          numeric NOT NULL GENERATED ALWAYS AS (net_proceeds_usd - cost_basis_usd) STORED,
  bought_at        timestamptz NOT NULL,
  sold_at          timestamptz NOT NULL,
  hold_seconds     numeric NOT NULL GENERATED ALWAYS AS (extract(epoch FROM sold_at - bought_at)) STORED,
  PRIMARY KEY (bot_id, symbol, sold_at, sell_fill_id, bought_at, buy_fill_id),
  CHECK (sold_at >= bought_at)
);
CREATE INDEX allocations_by_sell_order ON allocations (sell_order_id, bot_id);
CREATE INDEX allocations_by_buy_order ON allocations (buy_order_id, bot_id);

-- From which sell on a symbol has to be matched again, and until when it was changed: later than that, matching may stop where it
-- finds what was matched before. Almost always empty; a very long re-match is finished in bounded steps and shown as pending.
CREATE TABLE pending_matches (
  bot_id       text COLLATE "C" NOT NULL,
  symbol       text COLLATE "C" NOT NULL,
  from_at      timestamptz NOT NULL,
  from_fill_id text COLLATE "C" NOT NULL,
  until_at     timestamptz NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (bot_id, symbol)
);

-- A closed trade: the matched part of one sell order that was entered under one snapshot.
CREATE TABLE trades (
  bot_id            text COLLATE "C" NOT NULL,
  order_id          text COLLATE "C" NOT NULL,
  part              integer NOT NULL CHECK (part > 0),
  symbol            text COLLATE "C" NOT NULL,
  opened_at         timestamptz NOT NULL,
  closed_at         timestamptz NOT NULL,
  size              numeric NOT NULL CHECK (size > 0),
  cost_basis_usd    numeric NOT NULL,
  net_proceeds_usd  numeric NOT NULL,
  pnl_usd           numeric NOT NULL,
  hold_seconds      numeric NOT NULL CHECK (hold_seconds >= 0),
  entry_snapshot_id uuid,
  exit_snapshot_id  uuid,
  attribution       text NOT NULL CHECK (attribution IN ('manual', 'link', 'time', 'none'))
);
CREATE INDEX trades_by_closing ON trades (bot_id, closed_at, order_id, part);
CREATE INDEX trades_by_entry ON trades (entry_snapshot_id, closed_at, order_id, part);
ALTER TABLE trades ADD PRIMARY KEY (bot_id, order_id, part);

-- Without statistics every bot counts as one of 200: see database/sql/writes.sql.
ALTER TABLE fills ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE orders ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE open_lots ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE allocations ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE trades ALTER COLUMN bot_id SET STATISTICS 0;
