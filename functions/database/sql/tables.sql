-- Exclusion constraints over (bot_id, period) need equality on text inside a GiST index.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The role of the deployed functions: it reads tables and calls the functions that are granted to it, and nothing else.
-- The migrator sets its password from its secret.
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

-- One row: the time zone in which a trading day begins and ends.
CREATE TABLE trading_calendar (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  time_zone text    NOT NULL
);
INSERT INTO trading_calendar (time_zone) VALUES ('UTC');

CREATE TABLE bots (
  bot_id     text COLLATE "C" PRIMARY KEY CHECK (length(bot_id) BETWEEN 1 AND 64),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
