-- Snapshots: a configuration and the period [active_from, active_until) in which it was active.
CREATE TABLE strategy_snapshots (
  snapshot_id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  bot_id                  text COLLATE "C" NOT NULL REFERENCES bots,
  active_from             timestamptz NOT NULL,
  active_until            timestamptz CHECK (active_until > active_from),
  score_buy_target        numeric,
  score_sell_target       numeric,
  indicator_weights       jsonb,
  rsi_buy_threshold       numeric,
  rsi_sell_threshold      numeric,
  roc_buy_threshold       numeric,
  roc_sell_threshold      numeric,
  macd_signal_threshold   numeric,
  tp_threshold            numeric,
  sl_threshold            numeric,
  cooldown_bars           integer,
  flip_hysteresis_pct     numeric,
  min_indicators_required integer,
  excluded_symbols        text[],
  max_spread_pct          numeric,
  config_hash             text NOT NULL CHECK (config_hash ~ '^[0-9a-f]{64}$'),
  notes                   text,
  created_by              text,
  created_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The whole document as canonical JSON text: jsonb prints longer and could exceed the 64 KB of a row.
  config                  text NOT NULL CHECK (config IS JSON OBJECT),
  rollback_of             uuid REFERENCES strategy_snapshots DEFERRABLE,
  UNIQUE (bot_id, snapshot_id),
  UNIQUE (bot_id, active_from),
  CONSTRAINT periods_never_overlap EXCLUDE USING gist (bot_id WITH =, tstzrange(active_from, active_until) WITH &&)
);

CREATE UNIQUE INDEX one_active_snapshot_per_bot ON strategy_snapshots (bot_id) WHERE active_until IS NULL;
CREATE INDEX snapshots_by_arm ON strategy_snapshots (bot_id, config_hash);

-- The first response to each idempotency key, kept for 7 days.
CREATE TABLE snapshot_answers (
  bot_id               text COLLATE "C" NOT NULL REFERENCES bots,
  idempotency_key      text COLLATE "C" NOT NULL,
  request_hash         text NOT NULL,
  changed              boolean NOT NULL,
  notes_differ         boolean NOT NULL,
  snapshot_id          uuid NOT NULL REFERENCES strategy_snapshots,
  previous_snapshot_id uuid REFERENCES strategy_snapshots,
  active_until         timestamptz,
  notes                text,
  answered_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (bot_id, idempotency_key)
);
CREATE INDEX snapshot_answers_by_age ON snapshot_answers (bot_id, answered_at);

-- Edits of notes, so that a name that was shown in a report can always be found again.
CREATE TABLE notes_edits (
  edit_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bot_id      text COLLATE "C" NOT NULL,
  snapshot_id uuid NOT NULL,
  before      text,
  after       text,
  edited_by   text,
  edited_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX notes_edits_of_snapshot ON notes_edits (snapshot_id, edit_id);
