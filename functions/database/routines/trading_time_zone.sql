-- The zone of the trading calendar. Its plan is kept, which that of a function in SQL is not: most writes ask.
CREATE OR REPLACE FUNCTION trading_time_zone() RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT time_zone FROM trading_calendar);
END $$;
