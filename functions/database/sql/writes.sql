-- Every write takes this lock first. It is a statement of its own, so that what follows reads what was
-- committed while it waited.
CREATE OR REPLACE FUNCTION lock_bot(p_bot_id text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO bots (bot_id) VALUES (p_bot_id) ON CONFLICT DO NOTHING;
    PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  END IF;
END $$;

-- Has the rest of a write planned for so many rows. For a few it takes longer to plan statements than to run them: record_fills and
-- link_trades begin with plans that are kept, and that look rows up one by one. They were made for whatever there was then, and
-- are right as long as few rows meet: whoever is about to work on more says so.
CREATE OR REPLACE FUNCTION plan_for(p_rows integer) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_rows > 20 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true);
  END IF;
END $$;
