-- How long a run may send what it claimed. A claim whose lease ran out may have been sent or not.
CREATE OR REPLACE FUNCTION delivery_lease() RETURNS interval
LANGUAGE sql IMMUTABLE AS $$
  SELECT interval '15 minutes'
$$;

-- Deliveries that failed, or of which nobody knows whether they arrived: the answer was lost, or the lease ran out. `channel` is the kind of
-- a channel, or mail.
CREATE OR REPLACE VIEW failed_deliveries AS
  SELECT kind, date, list_id, recipient, coalesce(substring(recipient FROM '^(telegram|discord|slack|webhook):'), 'mail') AS channel,
    CASE status WHEN 'refused' THEN 'refused' ELSE 'unknown' END AS status, error
  FROM report_deliveries
  WHERE status IN ('refused', 'unknown') OR (status = 'claimed' AND claimed_at < clock_timestamp() - delivery_lease());

-- Claims the right to send one report, of p_bots, to one recipient of a list, for one owner (a run). Returns true for one caller only. A refused one may be
-- claimed again. One that may have been sent, or whose lease ran out, may be claimed again only for a requested resend (p_again); a sent
-- one never. Its owner may claim a mail again: when the answer to the first call was lost, nothing was sent yet.
CREATE OR REPLACE FUNCTION claim_report(p_kind text, p_date date, p_list_id text, p_recipient text, p_owner uuid, p_bots jsonb, p_again boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_deliveries AS d (kind, date, list_id, recipient, status, owner, bots)
  VALUES (p_kind, p_date, p_list_id, p_recipient, 'claimed', p_owner, ARRAY(SELECT jsonb_array_elements_text(p_bots)))
  ON CONFLICT (kind, date, list_id, recipient) DO UPDATE
  SET status = 'claimed', owner = p_owner, bots = excluded.bots, claimed_at = clock_timestamp(), settled_at = NULL, error = NULL
  WHERE d.status = 'refused'
    OR (d.status = 'claimed' AND d.owner = p_owner)
    OR (p_again AND (d.status = 'unknown' OR (d.status = 'claimed' AND d.claimed_at < clock_timestamp() - delivery_lease())));
  RETURN FOUND;
END $$;

-- Records the result of a claim that its owner still holds.
CREATE OR REPLACE FUNCTION settle_report(p_kind text, p_date date, p_list_id text, p_recipient text, p_owner uuid, p_status text, p_message_id text, p_error text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE report_deliveries
  SET status = p_status, message_id = p_message_id, error = p_error, settled_at = clock_timestamp()
  WHERE kind = p_kind AND date = p_date AND list_id = p_list_id AND recipient = p_recipient AND status = 'claimed' AND owner = p_owner
$$;

GRANT EXECUTE ON FUNCTION delivery_lease(), claim_report(text, date, text, text, uuid, jsonb, boolean), settle_report(text, date, text, text, uuid, text, text, text) TO app;
