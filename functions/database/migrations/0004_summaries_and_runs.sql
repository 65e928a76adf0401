-- One snapshot's performance on one trading day. Ratios are generated from the sums beside them,
-- so that no row can contradict itself; what pools over days is a sum, a count or an extreme.
CREATE TABLE strategy_performance_summary (
  snapshot_id              bigint NOT NULL,
  date                     date NOT NULL,
  bot_id                   text COLLATE "C" NOT NULL,
  total_trades             integer NOT NULL GENERATED ALWAYS AS (winning_trades + losing_trades + breakeven_trades) STORED,
  winning_trades           integer NOT NULL CHECK (winning_trades >= 0),
  losing_trades            integer NOT NULL CHECK (losing_trades >= 0),
  breakeven_trades         integer NOT NULL CHECK (breakeven_trades >= 0),
  total_pnl_usd            numeric NOT NULL GENERATED ALWAYS AS (gross_profit_usd - gross_loss_usd) STORED,
  avg_win_usd              numeric GENERATED ALWAYS AS (winning_pnl_usd / nullif(winning_trades, 0)) STORED,
  avg_loss_usd             numeric GENERATED ALWAYS AS (losing_pnl_usd / nullif(losing_trades, 0)) STORED,
  largest_win_usd          numeric CHECK (largest_win_usd > 0),
  largest_loss_usd         numeric CHECK (largest_loss_usd < 0),
  win_rate                 numeric GENERATED ALWAYS AS (winning_trades * 100.0 / nullif(winning_trades + losing_trades + breakeven_trades, 0)) STORED,
  profit_factor            numeric GENERATED ALWAYS AS (gross_profit_usd / nullif(gross_loss_usd, 0)) STORED,
  expectancy_usd           numeric GENERATED ALWAYS AS ((gross_profit_usd - gross_loss_usd) / nullif(winning_trades + losing_trades + breakeven_trades, 0)) STORED,
  max_drawdown_usd         numeric NOT NULL CHECK (max_drawdown_usd >= 0),
  avg_hold_time_seconds    numeric GENERATED ALWAYS AS (hold_seconds_sum / nullif(winning_trades + losing_trades + breakeven_trades, 0)) STORED,
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
  -- Trades per power of two seconds: under key k those with 2^k <= max(hold_seconds, 1) < 2^(k+1).
  hold_time_buckets        jsonb NOT NULL,
  unmatched_sells          integer NOT NULL CHECK (unmatched_sells >= 0),
  time_zone                text NOT NULL,
  PRIMARY KEY (snapshot_id, date),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX summaries_by_day ON strategy_performance_summary (bot_id, date, snapshot_id);

-- Rows of the summary that a change has touched and that no run has recomputed yet.
CREATE TABLE marked_days (
  bot_id      text COLLATE "C" NOT NULL,
  snapshot_id bigint NOT NULL,
  date        date NOT NULL,
  marked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (snapshot_id, date),
  FOREIGN KEY (bot_id, snapshot_id) REFERENCES strategy_snapshots (bot_id, snapshot_id)
);
CREATE INDEX marked_days_by_bot ON marked_days (bot_id, date);

-- Every run of the aggregation, so that a night that did not run is seen.
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
  CHECK ((outcome = 'running') = (finished_at IS NULL))
);
CREATE INDEX summary_runs_by_day ON summary_runs (trigger, outcome, to_date);

-- Mail is sent at most once a kind, day and recipient: the claim is committed before the call.
CREATE TABLE report_deliveries (
  kind         text NOT NULL,
  date         date NOT NULL,
  recipient    text COLLATE "C" NOT NULL,
  status       text NOT NULL CHECK (status IN ('claimed', 'sent', 'refused', 'unknown')),
  message_id   text,
  error        text,
  claimed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at   timestamptz,
  PRIMARY KEY (kind, date, recipient)
);
