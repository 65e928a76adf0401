CREATE OR REPLACE FUNCTION trading_time_zone() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT time_zone FROM trading_calendar
$$;

CREATE OR REPLACE FUNCTION trading_day(p_at timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT (p_at AT TIME ZONE trading_time_zone())::date
$$;

-- Returns the instant at which a trading day begins. A day ends when the next one begins.
CREATE OR REPLACE FUNCTION day_start(p_day date) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT p_day::timestamp AT TIME ZONE trading_time_zone()
$$;

GRANT EXECUTE ON FUNCTION trading_time_zone(), trading_day(timestamptz), day_start(date) TO app;
