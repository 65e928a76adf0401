-- Deliveries of reports. Each kind is sent at most once per day and recipient: the claim is committed before the mail or message is sent. A
-- recipient is a mail address, or the id of a channel such as telegram:3f1c0a…, which contains no secret.
CREATE TABLE report_deliveries (
  kind         text NOT NULL,
  date         date NOT NULL,
  -- The list of the recipient: report_recipients.list_id; empty: the recipients of the deployment.
  list_id      text COLLATE "C" NOT NULL DEFAULT '',
  recipient    text COLLATE "C" NOT NULL,
  -- The bots in it. Whoever has had one of them gets it in no other list.
  bots         text[] NOT NULL DEFAULT '{}',
  status       text NOT NULL CHECK (status IN ('claimed', 'sent', 'refused', 'unknown')),
  message_id   text,
  error        text,
  -- The run that claimed it; null: recorded before runs had names.
  owner        uuid,
  claimed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at   timestamptz,
  PRIMARY KEY (kind, date, list_id, recipient)
);

-- The mailed figures of each bot's day. An audit record only: verdicts are always recomputed. A bot without a snapshot has no verdict.
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
  -- The latest experiment of the day, if any.
  experiment_id         uuid,
  experiment_verdict    text,
  experiment_decided_on date,
  difference_usd        numeric,
  lower_usd             numeric,
  upper_usd             numeric,
  p                     numeric,
  mailed_at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (kind, date, bot_id)
);

-- Mail addresses that bounced for good or complained, in lower case. Nothing is mailed to them until that is lifted.
CREATE TABLE blocked_recipients (
  address      text COLLATE "C" PRIMARY KEY,
  reason       text NOT NULL CHECK (reason IN ('bounce', 'complaint')),
  -- What the receiving server answered.
  detail       text,
  blocked_at   timestamptz NOT NULL,
  -- Null: it is blocked now. Events from before are ignored, since SES may repeat them.
  unblocked_at timestamptz
);
