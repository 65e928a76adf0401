-- Blocks mail addresses: [{address, reason, detail, blocked_at}]. The first event of an address stands; one from before it was unblocked is
-- ignored.
CREATE OR REPLACE FUNCTION block_recipients(p_recipients jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO blocked_recipients AS b (address, reason, detail, blocked_at)
  SELECT DISTINCT ON (lower(address)) lower(address), reason, detail, blocked_at
  FROM jsonb_to_recordset(p_recipients) AS r (address text, reason text, detail text, blocked_at timestamptz)
  ORDER BY lower(address), blocked_at
  ON CONFLICT (address) DO UPDATE
  SET reason = EXCLUDED.reason, detail = EXCLUDED.detail, blocked_at = EXCLUDED.blocked_at, unblocked_at = NULL
  WHERE b.unblocked_at < EXCLUDED.blocked_at
$$;

-- Lets an address get mail again. Returns whether it was blocked.
CREATE OR REPLACE FUNCTION unblock_recipient(p_address text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE blocked_recipients SET unblocked_at = clock_timestamp() WHERE address = lower(p_address) AND unblocked_at IS NULL;
  RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION block_recipients(jsonb), unblock_recipient(text) TO app;
