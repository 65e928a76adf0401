-- Claims the right to mail one report to one recipient. True for one caller only; what a mail server refused outright may
-- be claimed again, what may have been sent may not.
CREATE FUNCTION claim_report(p_kind text, p_date date, p_recipient text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_deliveries AS d (kind, date, recipient, status)
  VALUES (p_kind, p_date, p_recipient, 'claimed')
  ON CONFLICT (kind, date, recipient) DO UPDATE
  SET status = 'claimed', claimed_at = clock_timestamp(), settled_at = NULL, error = NULL
  WHERE d.status = 'refused';
  RETURN FOUND;
END $$;

CREATE FUNCTION settle_report(p_kind text, p_date date, p_recipient text, p_status text, p_message_id text, p_error text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE report_deliveries
  SET status = p_status, message_id = p_message_id, error = p_error, settled_at = clock_timestamp()
  WHERE kind = p_kind AND date = p_date AND recipient = p_recipient AND status = 'claimed'
$$;

GRANT EXECUTE ON FUNCTION claim_report(text, date, text), settle_report(text, date, text, text, text, text) TO app;

-- What a mailed report said of a bot, kept as an audit and never as state: a verdict is always computed anew.
CREATE TABLE mailed_verdicts (
  kind                   text NOT NULL,
  date                   date NOT NULL,
  bot_id                 text COLLATE "C" NOT NULL REFERENCES bots,
  verdict                text NOT NULL,
  baseline_snapshot_id   bigint,
  candidate_snapshot_id  bigint,
  decided_on             date,
  difference_usd         numeric,
  lower_usd              numeric,
  upper_usd              numeric,
  p                      numeric,
  mailed_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (kind, date, bot_id)
);

-- [{bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on, difference_usd, lower_usd, upper_usd, p}]
CREATE FUNCTION record_mailed_verdicts(p_kind text, p_date date, p_verdicts jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO mailed_verdicts (kind, date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on,
                               difference_usd, lower_usd, upper_usd, p)
  SELECT p_kind, p_date, bot_id, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on, difference_usd, lower_usd, upper_usd, p
  FROM jsonb_to_recordset(p_verdicts) AS v (
    bot_id text, verdict text, baseline_snapshot_id bigint, candidate_snapshot_id bigint, decided_on date,
    difference_usd numeric, lower_usd numeric, upper_usd numeric, p numeric)
  ON CONFLICT (kind, date, bot_id) DO NOTHING
$$;

GRANT EXECUTE ON FUNCTION record_mailed_verdicts(text, date, jsonb) TO app;
