-- Each kind of report is mailed at most once per day and recipient: the claim is committed before the mail service is called.
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

-- What a mailed report said of a bot's day, kept as an audit and never as state: a verdict is always computed again. A bot without
-- a snapshot has a day and no verdict.
CREATE TABLE mailed_verdicts (
  kind                  text NOT NULL,
  date                  date NOT NULL,
  bot_id                text COLLATE "C" NOT NULL REFERENCES bots,
  total_trades          integer NOT NULL,
  total_pnl_usd         numeric NOT NULL,
  verdict               text,
  baseline_snapshot_id  uuid,
  candidate_snapshot_id uuid,
  decided_on            date,
  difference_usd        numeric,
  lower_usd             numeric,
  upper_usd             numeric,
  p                     numeric,
  mailed_at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (kind, date, bot_id)
);
