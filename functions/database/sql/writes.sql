-- Locks a bot; every write does so first. The lock is a separate statement, so that the following statements see what was committed
-- while it waited.
CREATE OR REPLACE FUNCTION lock_bot(p_bot_id text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO bots (bot_id) VALUES (p_bot_id) ON CONFLICT DO NOTHING;
    PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION lock_bot(text) TO app;

-- A matching version that no other state of a bot has had: random, since after a restore a counter would repeat.
CREATE OR REPLACE FUNCTION new_matching_version() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  SELECT floor(random() * 9007199254740991)::bigint + 1
$$;

-- Switches the rest of a write to plans for large batches when p_rows is large. By default, write_matching and link_trades use cached
-- generic plans that look rows up one by one: for small batches, planning takes longer than executing. Such plans are slow for large
-- batches.
CREATE OR REPLACE FUNCTION plan_for(p_rows integer) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_rows > 20 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true);
  END IF;
END $$;
