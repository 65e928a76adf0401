-- For equality on text in a GiST index, which the exclusion constraint on (bot_id, period) needs.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The role of the deployed functions. It may only read tables and execute functions granted to it. The migrator sets its password.
DO $$
BEGIN
  CREATE ROLE app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$;

GRANT USAGE ON SCHEMA public TO app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT SELECT ON applied_migrations TO app;

-- A single row: the time zone of trading days.
CREATE TABLE trading_calendar (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  time_zone text    NOT NULL
);
INSERT INTO trading_calendar (time_zone) VALUES ('UTC');

CREATE TABLE bots (
  bot_id     text COLLATE "C" PRIMARY KEY CHECK (length(bot_id) BETWEEN 1 AND 64),
  -- Changes with every write that matches fills: a write that was prepared for another version is refused. 0: no fills yet.
  matching_version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
