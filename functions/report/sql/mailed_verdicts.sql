-- Records the mailed figures of each bot's day: [{bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on,
-- experiment_id, experiment_verdict, experiment_decided_on, difference_usd, lower_usd, upper_usd, p, total_trades, total_pnl_usd}]. Existing
-- records are kept.
CREATE OR REPLACE FUNCTION record_mailed_verdicts(p_kind text, p_date date, p_verdicts jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO mailed_verdicts (kind, date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on,
                               experiment_id, experiment_verdict, experiment_decided_on, difference_usd, lower_usd, upper_usd, p, total_trades, total_pnl_usd)
  SELECT p_kind, p_date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on, experiment_id, experiment_verdict,
    experiment_decided_on, difference_usd, lower_usd, upper_usd, p, total_trades, total_pnl_usd
  FROM jsonb_to_recordset(p_verdicts) AS v (
    bot_id text, verdict text, baseline_snapshot_id uuid, candidate_snapshot_id uuid, decided_on date,
    experiment_id uuid, experiment_verdict text, experiment_decided_on date,
    difference_usd numeric, lower_usd numeric, upper_usd numeric, p numeric, total_trades integer, total_pnl_usd numeric)
  ON CONFLICT (kind, date, bot_id) DO NOTHING
$$;

GRANT EXECUTE ON FUNCTION record_mailed_verdicts(text, date, jsonb) TO app;
