-- One execution reported by the exchange. What is not yet matched stands on the fill itself:
-- open_size is a buy's inventory or a sell's unmatched part, open_fee_usd the fee that goes with it.
CREATE TABLE fills (
  bot_id          text COLLATE "C" NOT NULL REFERENCES bots,
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
  open_size       numeric NOT NULL CHECK (open_size BETWEEN 0 AND size),
  open_fee_usd    numeric NOT NULL,
  received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (bot_id, fill_id)
);
CREATE INDEX fills_by_order ON fills (bot_id, order_id);
CREATE INDEX sells_in_fifo_order ON fills (bot_id, symbol, filled_at, fill_id) WHERE side = 'sell';
CREATE INDEX open_buys_in_fifo_order ON fills (bot_id, symbol, filled_at, fill_id) WHERE side = 'buy' AND open_size > 0;

-- The fills that share an order_id, and the snapshot to which they are attributed.
CREATE TABLE orders (
  bot_id          text COLLATE "C" NOT NULL REFERENCES bots,
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
  snapshot_id     bigint,
  attribution     text NOT NULL DEFAULT 'none' CHECK (attribution IN ('manual', 'link', 'time', 'none')),
  PRIMARY KEY (bot_id, order_id),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id),
  CHECK ((snapshot_id IS NOT NULL) = (attribution IN ('link', 'time')))
);
CREATE INDEX orders_by_client_order_id ON orders (bot_id, client_order_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX orders_by_attributed_at ON orders (bot_id, attributed_at);
CREATE INDEX orders_by_last_fill ON orders (bot_id, last_filled_at);
CREATE INDEX unmatched_sells ON orders (snapshot_id, last_filled_at) WHERE side = 'sell' AND unmatched_size > 0;

-- What the bot says of an order: by its id, or by the client's id until an order that bears it is known.
CREATE TABLE trade_strategy_link (
  link_id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bot_id              text COLLATE "C" NOT NULL REFERENCES bots,
  order_id            text COLLATE "C",
  client_order_id     text COLLATE "C",
  by_client_order_id  boolean NOT NULL,
  snapshot_id         bigint,
  snapshot_given      boolean NOT NULL,
  buy_score           numeric,
  sell_score          numeric,
  trigger_type        text,
  exit_reason         text,
  indicators_fired    integer,
  indicator_breakdown jsonb,
  signal_time         timestamptz,
  created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Whose snapshot this is when none was given: signal_time, or the earlier of arrival and first fill.
  attributed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (bot_id, order_id),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id),
  CHECK (order_id IS NOT NULL OR (by_client_order_id AND client_order_id IS NOT NULL))
);
CREATE UNIQUE INDEX one_link_by_client_order_id ON trade_strategy_link (bot_id, client_order_id) WHERE by_client_order_id;
CREATE INDEX links_by_client_order_id ON trade_strategy_link (bot_id, client_order_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX links_by_attributed_at ON trade_strategy_link (bot_id, attributed_at) WHERE NOT snapshot_given;
CREATE INDEX links_without_order ON trade_strategy_link (bot_id, created_at);

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
  PRIMARY KEY (bot_id, sell_fill_id, buy_fill_id),
  FOREIGN KEY (bot_id, sell_fill_id) REFERENCES fills (bot_id, fill_id),
  FOREIGN KEY (bot_id, buy_fill_id) REFERENCES fills (bot_id, fill_id),
  CHECK (sold_at >= bought_at)
);
CREATE INDEX allocations_by_sell_order ON allocations (bot_id, sell_order_id);
CREATE INDEX allocations_by_buy_order ON allocations (bot_id, buy_order_id);

-- From which sell on a symbol has to be matched (again). Empty almost always; a very long
-- re-match is finished in bounded steps, and is shown as pending until then.
CREATE TABLE pending_matches (
  bot_id       text COLLATE "C" NOT NULL REFERENCES bots,
  symbol       text COLLATE "C" NOT NULL,
  from_at      timestamptz NOT NULL,
  from_fill_id text COLLATE "C" NOT NULL,
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
  entry_snapshot_id bigint,
  exit_snapshot_id  bigint,
  attribution       text NOT NULL CHECK (attribution IN ('manual', 'link', 'time', 'none')),
  PRIMARY KEY (bot_id, order_id, part),
  FOREIGN KEY (bot_id, order_id) REFERENCES orders (bot_id, order_id),
  FOREIGN KEY (bot_id, entry_snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id),
  FOREIGN KEY (bot_id, exit_snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX trades_by_closing ON trades (bot_id, closed_at, order_id, part);
CREATE INDEX trades_by_entry ON trades (entry_snapshot_id, closed_at, order_id, part);

-- A bot that came after the last ANALYZE looks to the planner as if it had no rows, and any index that begins with bot_id
-- as good as the right one. Without statistics every bot counts as one of 200.
ALTER TABLE fills ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE orders ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE trade_strategy_link ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE allocations ALTER COLUMN bot_id SET STATISTICS 0;
ALTER TABLE trades ALTER COLUMN bot_id SET STATISTICS 0;
