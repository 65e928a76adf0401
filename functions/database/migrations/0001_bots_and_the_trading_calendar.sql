-- Exclusion constraints over (bot_id, period) need equality on text inside a GiST index.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The functions' own role: it reads tables and calls write functions, and can do nothing else.
-- Its password comes from its secret; the migration handler sets it.
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

-- One row: the zone in which a trading day begins and ends.
CREATE TABLE trading_calendar (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  time_zone text    NOT NULL
);
INSERT INTO trading_calendar (time_zone) VALUES ('UTC');

CREATE FUNCTION trading_time_zone() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT time_zone FROM trading_calendar
$$;

CREATE FUNCTION trading_day(p_at timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT (p_at AT TIME ZONE trading_time_zone())::date
$$;

-- The instant at which a trading day begins; a day ends where the next begins.
CREATE FUNCTION day_start(p_day date) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT p_day::timestamp AT TIME ZONE trading_time_zone()
$$;

GRANT EXECUTE ON FUNCTION trading_time_zone(), trading_day(timestamptz), day_start(date) TO app;

CREATE TABLE bots (
  bot_id     text COLLATE "C" PRIMARY KEY CHECK (length(bot_id) BETWEEN 1 AND 64),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Every write takes this lock first. It is a statement of its own, so that what follows reads what was
-- committed while it waited.
CREATE FUNCTION lock_bot(p_bot_id text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO bots (bot_id) VALUES (p_bot_id) ON CONFLICT DO NOTHING;
    PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  END IF;
END $$;
