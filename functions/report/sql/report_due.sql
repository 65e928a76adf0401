-- When a report is due in a time zone (null: that of trading days): at the first time from p_at on at which a clock there shows what one in the
-- trading time zone shows at p_at. What is due in quiet hours is due at their end.
CREATE OR REPLACE FUNCTION report_due(p_at timestamptz, p_time_zone text, p_quiet_from time, p_quiet_until time) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_zone text := coalesce(p_time_zone, trading_time_zone());
  v_time time := (p_at AT TIME ZONE trading_time_zone())::time;
  v_day  date := (p_at AT TIME ZONE v_zone)::date;
BEGIN
  IF (v_day + v_time) AT TIME ZONE v_zone < p_at THEN
    v_day := v_day + 1;
  END IF;
  IF v_time >= p_quiet_from AND (v_time < p_quiet_until OR p_quiet_until < p_quiet_from) THEN
    RETURN (v_day + (p_quiet_until < p_quiet_from)::integer + p_quiet_until) AT TIME ZONE v_zone;
  ELSIF p_quiet_until < p_quiet_from AND v_time < p_quiet_until THEN
    RETURN (v_day + p_quiet_until) AT TIME ZONE v_zone;
  END IF;
  RETURN (v_day + v_time) AT TIME ZONE v_zone;
END $$;

GRANT EXECUTE ON FUNCTION report_due(timestamptz, text, time, time) TO app;
