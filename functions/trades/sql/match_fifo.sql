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

-- First in, first out: one ordered pass over each pending symbol from its position on, over at most p_budget sells in all. The buys
-- are a stream of what is open and of what the sells from there on were matched to before: both stand in FIFO order. Multiplies
-- first and divides last; the last piece of a fill takes what is left of its fee.
--
-- Writes nothing. Returns the pieces that are `taken` back and those that are `made`, many of which may be the same; the lots that
-- are taken up, and those that are left of them; those of the taken pieces whose buys are open again beside these (`freed`); the symbols that are done; and,
-- where the budget ends, the sell to go on with, and until when its symbol is to be matched again. Sells after that one may
-- have lost pieces to those before it: they are unmatched until then, and what is stored adds up.
--
-- The only plans are walks along indexes and a look-up by a key, which may be kept.
CREATE OR REPLACE FUNCTION match_fifo(p_bot_id text, p_budget integer,
  OUT taken allocations[], OUT made allocations[], OUT freed allocations[], OUT lots_taken open_lots[], OUT lots_left open_lots[],
  OUT done text[], OUT next_symbol text, OUT next_at timestamptz, OUT next_fill_id text, OUT next_until timestamptz)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  sells CURSOR (p_symbol text, p_at timestamptz, p_fill_id text) FOR
    SELECT fill_id, order_id, price_usd, size, coalesce(fee_usd, 0) AS fee_usd, filled_at
    FROM fills
    WHERE bot_id = p_bot_id AND symbol = p_symbol AND side = 'sell' AND (filled_at, fill_id) >= (p_at, p_fill_id)
    ORDER BY filled_at, fill_id;
  lots CURSOR (p_symbol text) FOR
    SELECT * FROM open_lots WHERE bot_id = p_bot_id AND symbol = p_symbol ORDER BY filled_at, fill_id;
  pieces CURSOR (p_symbol text, p_at timestamptz, p_fill_id text) FOR
    SELECT * FROM allocations
    WHERE bot_id = p_bot_id AND symbol = p_symbol AND (sold_at, sell_fill_id) >= (p_at, p_fill_id)
    ORDER BY sold_at, sell_fill_id, bought_at, buy_fill_id;
  v_pending     pending_matches;
  v_sell        record;
  v_lot         open_lots;
  v_piece       allocations;
  v_buy         open_lots;
  v_buy_lot     numeric;
  v_buy_lot_fee numeric;
  v_remaining   numeric;
  v_fee_left    numeric;
  v_size        numeric;
  v_buy_fee     numeric;
  v_sell_fee    numeric;
  v_held        numeric;
  v_held_fee    numeric;
  v_seen        integer := 0;
  v_first       integer;
  v_last        integer;
  v_agreed      boolean;
BEGIN
  taken := '{}'; made := '{}'; freed := '{}'; lots_taken := '{}'; lots_left := '{}'; done := '{}';

  FOR v_pending IN SELECT * FROM pending_matches WHERE bot_id = p_bot_id ORDER BY symbol LOOP
    OPEN sells (v_pending.symbol, v_pending.from_at, v_pending.from_fill_id);
    FETCH sells INTO v_sell;
    IF v_sell.fill_id IS NULL THEN
      CLOSE sells;
      done := done || v_pending.symbol;
      CONTINUE;
    END IF;
    OPEN lots (v_pending.symbol);
    FETCH lots INTO v_lot;
    OPEN pieces (v_pending.symbol, v_pending.from_at, v_pending.from_fill_id);
    FETCH pieces INTO v_piece;
    v_buy := NULL;
    v_buy.open_size := 0;
    v_first := cardinality(taken) + 1;
    v_agreed := false;

    WHILE v_sell.fill_id IS NOT NULL LOOP
      -- Past all that was changed, with the same buys before it as before: so it is for all the rest.
      IF v_sell.filled_at > v_pending.until_at
        AND (v_piece.sold_at IS NULL OR (v_piece.sold_at, v_piece.sell_fill_id) >= (v_sell.filled_at, v_sell.fill_id))
        AND v_pending.until_at < (CASE WHEN v_buy.open_size > 0 THEN v_buy.filled_at ELSE least(v_piece.bought_at, v_lot.filled_at, 'infinity') END) THEN
        v_held := 0;
        v_held_fee := 0;
        v_last := cardinality(taken);
        WHILE v_last >= v_first AND taken[v_last].buy_fill_id = v_buy.fill_id
          AND (taken[v_last].sold_at, taken[v_last].sell_fill_id) >= (v_sell.filled_at, v_sell.fill_id) LOOP
          v_held := v_held + taken[v_last].size;
          v_held_fee := v_held_fee + taken[v_last].buy_fee_usd;
          v_last := v_last - 1;
        END LOOP;
        IF v_buy.open_size > 0 THEN
          v_held := v_held + v_buy_lot;
          v_held_fee := v_held_fee + v_buy_lot_fee;
        END IF;
        v_agreed := (v_buy.open_size, coalesce(v_buy.open_fee_usd, 0)) = (v_held, v_held_fee)
          AND (v_last < v_first OR (taken[v_last].sold_at, taken[v_last].sell_fill_id) < (v_sell.filled_at, v_sell.fill_id));
      END IF;
      EXIT WHEN v_agreed OR v_seen = p_budget;

      v_seen := v_seen + 1;
      v_remaining := v_sell.size;
      v_fee_left := v_sell.fee_usd;
      WHILE v_remaining > 0 LOOP
        IF v_buy.open_size = 0 THEN
          IF v_lot.fill_id IS NOT NULL AND (v_piece.buy_fill_id IS NULL OR (v_lot.filled_at, v_lot.fill_id) <= (v_piece.bought_at, v_piece.buy_fill_id)) THEN
            v_buy := v_lot;
            v_buy_lot := v_lot.open_size;
            v_buy_lot_fee := v_lot.open_fee_usd;
            lots_taken := lots_taken || v_lot;
            FETCH lots INTO v_lot;
          ELSE
            EXIT WHEN v_piece.buy_fill_id IS NULL;
            SELECT bot_id, symbol, filled_at, fill_id, order_id, price_usd, size, coalesce(fee_usd, 0), 0, 0 INTO v_buy
            FROM fills
            WHERE bot_id = p_bot_id AND fill_id = v_piece.buy_fill_id;
            v_buy_lot := 0;
            v_buy_lot_fee := 0;
          END IF;
          WHILE v_piece.buy_fill_id = v_buy.fill_id LOOP
            v_buy.open_size := v_buy.open_size + v_piece.size;
            v_buy.open_fee_usd := v_buy.open_fee_usd + v_piece.buy_fee_usd;
            taken := taken || v_piece;
            FETCH pieces INTO v_piece;
          END LOOP;
        END IF;
        EXIT WHEN v_buy.filled_at > v_sell.filled_at;

        v_size := least(v_remaining, v_buy.open_size);
        v_buy_fee := CASE WHEN v_size = v_buy.open_size THEN v_buy.open_fee_usd ELSE v_buy.fee_usd * v_size / v_buy.size END;
        v_sell_fee := CASE WHEN v_size = v_remaining THEN v_fee_left ELSE v_sell.fee_usd * v_size / v_sell.size END;
        made := made || ROW(p_bot_id, v_sell.fill_id, v_buy.fill_id, v_sell.order_id, v_buy.order_id, v_buy.symbol, v_size, v_buy_fee, v_sell_fee,
          v_buy.price_usd * v_size + v_buy_fee, v_sell.price_usd * v_size - v_sell_fee, NULL, v_buy.filled_at, v_sell.filled_at, NULL)::allocations;
        v_remaining := v_remaining - v_size;
        v_fee_left := v_fee_left - v_sell_fee;
        v_buy.open_size := v_buy.open_size - v_size;
        v_buy.open_fee_usd := v_buy.open_fee_usd - v_buy_fee;
      END LOOP;
      FETCH sells INTO v_sell;
    END LOOP;

    IF v_agreed THEN
      -- A buy that later sells hold, or that is open, as before: it stays.
      taken := taken[:v_last];
      IF v_buy.open_size > 0 AND v_buy_lot > 0 THEN
        lots_taken := trim_array(lots_taken, 1);
      END IF;
    ELSE
      IF v_buy.open_size > 0 THEN
        lots_left := lots_left || v_buy;
      END IF;
      WHILE v_piece.sell_fill_id IS NOT NULL
        AND (v_sell.fill_id IS NULL OR (v_piece.sold_at, v_piece.sell_fill_id) < (v_sell.filled_at, v_sell.fill_id)) LOOP
        taken := taken || v_piece;
        freed := freed || v_piece;
        FETCH pieces INTO v_piece;
      END LOOP;
    END IF;
    CLOSE sells;
    CLOSE lots;
    CLOSE pieces;

    IF v_sell.fill_id IS NOT NULL AND NOT v_agreed THEN
      next_symbol := v_pending.symbol;
      next_at := v_sell.filled_at;
      next_fill_id := v_sell.fill_id;
      next_until := greatest(v_pending.until_at, taken[cardinality(taken)].sold_at);
      RETURN;
    END IF;
    done := done || v_pending.symbol;
  END LOOP;
END $$;
