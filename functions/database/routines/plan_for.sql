-- Has what follows, until its function ends, planned for so many rows. To plan statements takes longer than to run them for a few
-- rows: for those, plans are kept. They are look-ups whatever they were made for, and right as long as rows are few.
CREATE OR REPLACE FUNCTION plan_for(p_rows integer) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_rows > 20 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
  END IF;
END $$;
