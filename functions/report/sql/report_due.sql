-- Whether a time of day is in quiet hours, which may go over midnight; null: there are none.
CREATE OR REPLACE FUNCTION is_quiet(p_time time, p_from time, p_until time) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(CASE WHEN p_from < p_until THEN p_time >= p_from AND p_time < p_until ELSE p_time >= p_from OR p_time < p_until END, false)
$$;

-- When the report of a trading day is due in a time zone: at the first time after the end of the day at which clocks there show p_hour. What is
-- due in quiet hours is due at their end.
CREATE OR REPLACE FUNCTION report_due(p_date date, p_hour integer, p_time_zone text, p_quiet_from time, p_quiet_until time) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_end  timestamptz := day_start(p_date + 1);
  v_time time := make_time(p_hour, 0, 0);
  v_day  date := (v_end AT TIME ZONE p_time_zone)::date;
BEGIN
  IF (v_day + v_time) AT TIME ZONE p_time_zone < v_end THEN
    v_day := v_day + 1;
  END IF;
  IF is_quiet(v_time, p_quiet_from, p_quiet_until) THEN
    v_day := v_day + (p_quiet_until <= v_time)::integer;
    v_time := p_quiet_until;
  END IF;
  RETURN (v_day + v_time) AT TIME ZONE p_time_zone;
END $$;

GRANT EXECUTE ON FUNCTION is_quiet(time, time, time), report_due(date, integer, text, time, time) TO app;
