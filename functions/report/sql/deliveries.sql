-- Claims the right to mail one report to one recipient. Returns true for one caller only. A refused mail may be claimed again, a mail
-- that may have been sent may not.
CREATE OR REPLACE FUNCTION claim_report(p_kind text, p_date date, p_recipient text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_deliveries AS d (kind, date, recipient, status)
  VALUES (p_kind, p_date, p_recipient, 'claimed')
  ON CONFLICT (kind, date, recipient) DO UPDATE
  SET status = 'claimed', claimed_at = clock_timestamp(), settled_at = NULL, error = NULL
  WHERE d.status = 'refused';
  RETURN FOUND;
END $$;

-- Claims the right to mail one report to one recipient again, for a requested resend. A sent mail is never claimed again; a claimed one
-- only after 15 minutes, when the run that claimed it has ended.
CREATE OR REPLACE FUNCTION claim_report_again(p_kind text, p_date date, p_recipient text) RETURNS boolean
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

CREATE OR REPLACE FUNCTION settle_report(p_kind text, p_date date, p_recipient text, p_status text, p_message_id text, p_error text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE report_deliveries
  SET status = p_status, message_id = p_message_id, error = p_error, settled_at = clock_timestamp()
  WHERE kind = p_kind AND date = p_date AND recipient = p_recipient AND status = 'claimed'
$$;

GRANT EXECUTE ON FUNCTION claim_report(text, date, text), claim_report_again(text, date, text), settle_report(text, date, text, text, text, text) TO app;
