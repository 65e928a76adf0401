-- Remembers from where on the symbols of these fills have to be matched again, and until when they were changed: the earliest and
-- the latest of all that is known.
CREATE OR REPLACE FUNCTION match_again_from(p_fills fills[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO pending_matches AS p (bot_id, symbol, from_at, from_fill_id, until_at)
  SELECT DISTINCT ON (bot_id, symbol) bot_id, symbol, filled_at, CASE WHEN side = 'sell' THEN fill_id ELSE '' END,
    max(filled_at) OVER (PARTITION BY bot_id, symbol)
  FROM unnest(p_fills)
  ORDER BY bot_id, symbol, filled_at, side, fill_id
  ON CONFLICT (bot_id, symbol) DO UPDATE
  SET from_at = least(p.from_at, excluded.from_at),
      from_fill_id = CASE WHEN (excluded.from_at, excluded.from_fill_id) < (p.from_at, p.from_fill_id) THEN excluded.from_fill_id ELSE p.from_fill_id END,
      until_at = greatest(p.until_at, excluded.until_at);
END $$;
