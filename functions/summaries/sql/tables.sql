-- The performance of a snapshot on a trading day. Ratios are generated columns, computed from the sums of the same row; values that are
-- pooled over days are sums, counts or extremes.
CREATE TABLE strategy_performance_summary (
  snapshot_id              uuid NOT NULL,
  date                     date NOT NULL,
  bot_id                   text COLLATE "C" NOT NULL,
  total_trades             integer NOT NULL GENERATED ALWAYS AS (winning_trades + losing_trades + breakeven_trades) STORED,
  winning_trades           integer NOT NULL CHECK (winning_trades >= 0),
  losing_trades            integer NOT NULL CHECK (losing_trades >= 0),
  breakeven_trades         integer NOT NULL CHECK (breakeven_trades >= 0),
  total_pnl_usd            numeric NOT NULL GENERATED ALWAYS AS (gross_profit_usd - gross_loss_usd) STORED,
  avg_win_usd              numeric GENERATED ALWAYS AS (avg_win_usd(winning_pnl_usd, winning_trades)) STORED,
  avg_loss_usd             numeric GENERATED ALWAYS AS (avg_loss_usd(losing_pnl_usd, losing_trades)) STORED,
  largest_win_usd          numeric CHECK (largest_win_usd > 0),
  largest_loss_usd         numeric CHECK (largest_loss_usd < 0),
  win_rate                 numeric GENERATED ALWAYS AS (win_rate(winning_trades, winning_trades + losing_trades + breakeven_trades)) STORED,
  profit_factor            numeric GENERATED ALWAYS AS (profit_factor(gross_profit_usd, gross_loss_usd)) STORED,
  expectancy_usd           numeric GENERATED ALWAYS AS (expectancy_usd(gross_profit_usd - gross_loss_usd, winning_trades + losing_trades + breakeven_trades)) STORED,
  max_drawdown_usd         numeric NOT NULL CHECK (max_drawdown_usd >= 0),
  avg_hold_time_seconds    numeric GENERATED ALWAYS AS (avg_hold_time_seconds(hold_seconds_sum, winning_trades + losing_trades + breakeven_trades)) STORED,
  median_hold_time_seconds numeric,
  fast_exits_count         integer NOT NULL CHECK (fast_exits_count >= 0),
  fast_exits_pnl           numeric NOT NULL,
  updated_at               timestamptz NOT NULL,
  gross_profit_usd         numeric NOT NULL CHECK (gross_profit_usd >= 0),
  gross_loss_usd           numeric NOT NULL CHECK (gross_loss_usd >= 0),
  cost_basis_usd           numeric NOT NULL,
  winning_pnl_usd          numeric NOT NULL,
  losing_pnl_usd           numeric NOT NULL,
  highest_pnl_usd          numeric NOT NULL CHECK (highest_pnl_usd >= 0),
  lowest_pnl_usd           numeric NOT NULL CHECK (lowest_pnl_usd <= 0),
  hold_seconds_sum         numeric NOT NULL CHECK (hold_seconds_sum >= 0),
  -- Histogram of hold times: key k counts the trades with 2^k <= max(hold_seconds, 1) < 2^(k+1).
  hold_time_buckets        jsonb NOT NULL,
  unmatched_sells          integer NOT NULL CHECK (unmatched_sells >= 0),
  time_zone                text NOT NULL,
  PRIMARY KEY (snapshot_id, date),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX summaries_by_day ON strategy_performance_summary (bot_id, date, snapshot_id);

-- Summary rows that are due for recomputation.
CREATE TABLE marked_days (
  bot_id      text COLLATE "C" NOT NULL,
  snapshot_id uuid NOT NULL,
  date        date NOT NULL,
  marked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (snapshot_id, date),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX marked_days_by_bot ON marked_days (bot_id, date);

-- All runs of the aggregation, so that a missing nightly run is noticed.
CREATE TABLE summary_runs (
  run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trigger     text NOT NULL CHECK (trigger IN ('schedule', 'request', 'report')),
  from_date   date NOT NULL,
  to_date     date NOT NULL,
  rows        integer NOT NULL DEFAULT 0,
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  duration_ms integer GENERATED ALWAYS AS (extract(epoch FROM finished_at - started_at) * 1000) STORED,
  outcome     text NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'succeeded', 'unfinished', 'failed')),
  error       text,
  -- Of a night: how many bots have to be summarised; null until all of them are handed over, and for other runs.
  bots        integer CHECK (bots >= 0),
  CHECK ((outcome = 'running') = (finished_at IS NULL))
);
CREATE INDEX summary_runs_by_day ON summary_runs (trigger, outcome, to_date);

-- The bots of a night that are done, until all are.
CREATE TABLE summarised_bots (
  run_id bigint NOT NULL REFERENCES summary_runs,
  bot_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, bot_id)
);
