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
