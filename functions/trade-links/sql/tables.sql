CREATE SEQUENCE link_ids;

-- Links of orders to their signal and snapshot: by order id, or by client order id until an order with that id is known.
CREATE TABLE trade_strategy_link (
  link_id             bigint PRIMARY KEY DEFAULT nextval('link_ids'),
  bot_id              text COLLATE "C" NOT NULL,
  order_id            text COLLATE "C",
  client_order_id     text COLLATE "C",
  by_client_order_id  boolean NOT NULL,
  snapshot_id         uuid,
  -- Whether the bot gave the snapshot itself; it is then never derived from the time.
  snapshot_given      boolean NOT NULL,
  buy_score           numeric,
  sell_score          numeric,
  trigger_type        text,
  exit_reason         text,
  indicators_fired    integer,
  indicator_breakdown jsonb,
  signal_time         timestamptz,
  created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The time that determines the snapshot: signal_time, or the earlier of the link's arrival and the order's first fill.
  attributed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What the bot actually trades with, as reported by it: the hash of its configuration, or some of its settings.
  config_hash         text CHECK (config_hash ~ '^[0-9a-f]{64}$'),
  settings            jsonb,
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id),
  CHECK (order_id IS NOT NULL OR (by_client_order_id AND client_order_id IS NOT NULL))
);
ALTER SEQUENCE link_ids OWNED BY trade_strategy_link.link_id;
ALTER TABLE trade_strategy_link ALTER COLUMN bot_id SET STATISTICS 0;

CREATE INDEX links_by_attributed_at ON trade_strategy_link (bot_id, attributed_at) WHERE NOT snapshot_given;
CREATE INDEX links_without_order ON trade_strategy_link (bot_id, created_at);
-- Rows are looked up one by one: see plan_for in database/sql/writes.sql.
ALTER TABLE trade_strategy_link ADD UNIQUE (order_id, bot_id);
CREATE INDEX links_by_client_order_id ON trade_strategy_link (client_order_id, bot_id) WHERE client_order_id IS NOT NULL;
CREATE UNIQUE INDEX one_link_by_client_order_id ON trade_strategy_link (client_order_id, bot_id) WHERE by_client_order_id;
