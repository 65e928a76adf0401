-- Who gets the reports of a bot, and when. A bot without a row is in the report to the recipients of the deployment.
CREATE TABLE report_recipients (
  bot_id      text COLLATE "C" PRIMARY KEY REFERENCES bots,
  -- Names the recipients and times: bots that have the same are in one mail.
  list_id     text COLLATE "C" NOT NULL,
  recipients  text[] NOT NULL,
  -- Null: that of trading days.
  time_zone   text,
  quiet_from  time,
  quiet_until time,
  -- Since when it has recipients of its own. Reports that were due before went to those of the deployment.
  since       timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The latest change.
  set_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);
CREATE INDEX ON report_recipients (list_id, bot_id);

-- How the outbox of each bot's client stands, as the client last reported it.
CREATE TABLE outboxes (
  bot_id       text COLLATE "C" PRIMARY KEY REFERENCES bots,
  waiting      integer NOT NULL CHECK (waiting >= 0),
  -- Records that the service refused and the client has set aside.
  refused      integer NOT NULL CHECK (refused >= 0),
  -- Records that the client could not take, since its outbox or disk was full, and records that it lost or could not read.
  turned_away  integer NOT NULL CHECK (turned_away >= 0),
  damaged      integer NOT NULL CHECK (damaged >= 0),
  last_refusal text,
  at           timestamptz NOT NULL
);
