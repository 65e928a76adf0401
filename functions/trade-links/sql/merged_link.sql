-- Merges two links: the nulls of the first are filled in from the second.
CREATE OR REPLACE FUNCTION merged_link(p_kept trade_strategy_link, p_other trade_strategy_link) RETURNS trade_strategy_link
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_merged trade_strategy_link;
BEGIN
  v_merged := jsonb_populate_record(p_other, (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(p_kept)) WHERE value <> 'null'));
  v_merged.by_client_order_id := p_kept.by_client_order_id AND p_other.by_client_order_id;
  v_merged.snapshot_given := p_kept.snapshot_given OR p_other.snapshot_given;
  v_merged.snapshot_id := CASE WHEN p_other.snapshot_given AND NOT p_kept.snapshot_given THEN p_other.snapshot_id ELSE p_kept.snapshot_id END;
  RETURN v_merged;
END $$;
