-- A value as an answer says it: a long one, such as a whole indicator breakdown, is cut, since a row of an answer has 64 KB at most.
CREATE FUNCTION at_most_300_characters(p_value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(p_value::text) > 300 THEN to_jsonb(left(p_value::text, 300) || '…') ELSE p_value END
$$;
