-- Claims the right to mail one report to one recipient once more, which somebody has asked for on purpose: what is known to
-- have been sent stays sent, and what a run has claimed that may still live stays its own. No run lives for 15 minutes.
CREATE FUNCTION claim_report_again(p_kind text, p_date date, p_recipient text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_deliveries AS d (kind, date, recipient, status)
  VALUES (p_kind, p_date, p_recipient, 'claimed')
  ON CONFLICT (kind, date, recipient) DO UPDATE
  SET status = 'claimed', claimed_at = clock_timestamp(), settled_at = NULL, error = NULL
  WHERE d.status IN ('refused', 'unknown')
    OR (d.status = 'claimed' AND d.claimed_at < clock_timestamp() - interval '15 minutes');
  RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION claim_report_again(text, date, text) TO app;

-- The figures of the day beside the verdict, so that a later report can say what has changed since. A bot without a snapshot
-- has a day and no verdict.
ALTER TABLE mailed_verdicts
  ADD COLUMN total_trades integer,
  ADD COLUMN total_pnl_usd numeric,
  ALTER COLUMN verdict DROP NOT NULL;

-- [{bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on, difference_usd, lower_usd, upper_usd, p,
--   total_trades, total_pnl_usd}]; functions of an earlier release send no figures.
CREATE OR REPLACE FUNCTION record_mailed_verdicts(p_kind text, p_date date, p_verdicts jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO mailed_verdicts (kind, date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on,
                               difference_usd, lower_usd, upper_usd, p, total_trades, total_pnl_usd)
  SELECT p_kind, p_date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on, difference_usd, lower_usd,
    upper_usd, p, total_trades, total_pnl_usd
  FROM jsonb_to_recordset(p_verdicts) AS v (
    bot_id text, verdict text, baseline_snapshot_id bigint, candidate_snapshot_id bigint, decided_on date,
    difference_usd numeric, lower_usd numeric, upper_usd numeric, p numeric, total_trades integer, total_pnl_usd numeric)
  ON CONFLICT (kind, date, bot_id) DO NOTHING
$$;
