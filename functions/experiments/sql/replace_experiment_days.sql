-- Computes the sums of an experiment's blocks again for the trades that closed on these days. A trade belongs to the block in which its
-- entry order was first filled. A closing order that closes entries of two blocks makes a trade for each, and a part below dust_share()
-- joins the largest, as with snapshots. Manual trades are left out, and so are the blocks of void pairs.
CREATE OR REPLACE FUNCTION replace_experiment_days(p_bot_id text, p_experiment_id uuid, p_dates date[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET jit = off AS $$
BEGIN
  DELETE FROM experiment_days WHERE experiment_id = p_experiment_id AND date = ANY (p_dates);

  INSERT INTO experiment_days (experiment_id, pair, arm, date, trades, winning, losing, pnl_usd, followed, held_after)
  WITH days AS (
    SELECT date, day_start(date) AS begins, day_start(date + 1) AS ends FROM unnest(p_dates) AS date
  ),
  closing AS (
    SELECT d.date, o.order_id, o.last_filled_at AS closed_at, o.allocations, b.position_side
    FROM days d
    CROSS JOIN LATERAL (
      SELECT order_id, book_id, last_filled_at, allocations
      FROM orders
      WHERE bot_id = p_bot_id AND last_filled_at >= d.begins AND last_filled_at < d.ends
        AND allocations IS NOT NULL AND attribution <> 'manual'
      OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (SELECT position_side, position_id FROM books WHERE book_id = o.book_id OFFSET 0) AS b
    WHERE b.position_id = ''
  ),
  pieces AS (
    SELECT closing.date, closing.order_id, closing.closed_at, a.size, a.net_proceeds_usd - a.cost_basis_usd AS pnl_usd, a.opened_at,
      CASE position_side WHEN 'long' THEN 'buy' WHEN 'short' THEN 'sell' ELSE entry.side END AS entry_side,
      entry.attribution = 'manual' AS is_manual, entry.config_hash, block.*
    FROM closing
    CROSS JOIN LATERAL allocations_of(p_bot_id, closing.allocations) AS a
    CROSS JOIN LATERAL (
      SELECT o.side, o.attribution, o.first_filled_at, s.config_hash
      FROM orders o
      LEFT JOIN strategy_snapshots s USING (snapshot_id)
      WHERE o.bot_id = p_bot_id AND o.order_id = a.opening_order_id
      OFFSET 0
    ) AS entry
    LEFT JOIN LATERAL (
      SELECT pair, arm, ends_at FROM experiment_blocks
      WHERE experiment_id = p_experiment_id AND starts_at <= entry.first_filled_at AND broken_in IS NULL
      ORDER BY starts_at DESC
      LIMIT 1
    ) AS block ON block.ends_at > entry.first_filled_at
  ),
  parts AS (
    SELECT date, order_id, closed_at, pair, arm, ends_at, is_manual, sum(size) AS size, sum(pnl_usd) AS pnl_usd, min(opened_at) AS opened_at,
      array_agg(DISTINCT config_hash) AS config_hashes
    FROM pieces
    GROUP BY date, order_id, closed_at, pair, arm, ends_at, is_manual, entry_side
  ),
  ranked AS (
    SELECT *, size < dust_share() * sum(size) OVER (PARTITION BY order_id) AS dust,
      row_number() OVER (PARTITION BY order_id ORDER BY size DESC, opened_at) AS by_size
    FROM parts
  ),
  merged AS (
    SELECT *, sum(pnl_usd) OVER (PARTITION BY order_id, CASE WHEN dust THEN 1 ELSE by_size END) AS merged_pnl_usd
    FROM ranked
  ),
  closed AS (
    SELECT date, pair, arm, ends_at, opened_at, closed_at, round(merged_pnl_usd, pnl_decimals()::integer) AS pnl_usd, config_hashes
    FROM merged
    WHERE (NOT dust OR by_size = 1) AND pair IS NOT NULL AND NOT is_manual
    UNION ALL
    SELECT d.date, block.pair, block.arm, block.ends_at, t.opened_at, t.closed_at, t.pnl_usd, ARRAY[s.config_hash]
    FROM days d
    JOIN trades t ON t.bot_id = p_bot_id AND t.closed_at >= d.begins AND t.closed_at < d.ends
    LEFT JOIN strategy_snapshots s ON s.snapshot_id = t.entry_snapshot_id
    JOIN experiment_blocks block ON block.experiment_id = p_experiment_id AND block.starts_at <= t.opened_at AND block.ends_at > t.opened_at
      AND block.broken_in IS NULL
    WHERE t.position_id IS NOT NULL AND t.attribution <> 'manual'
  )
  SELECT p_experiment_id, pair, closed.arm, date, count(*),
    count(*) FILTER (WHERE pnl_usd > breakeven_usd()), count(*) FILTER (WHERE pnl_usd < -breakeven_usd()), sum(pnl_usd),
    count(*) FILTER (WHERE closed.config_hashes = ARRAY[a.config_hash]),
    sum(coalesce(extract(epoch FROM greatest(closed_at - greatest(ends_at, opened_at), '0')) / nullif(extract(epoch FROM closed_at - opened_at), 0), 0))
  FROM closed
  JOIN experiment_arms a ON a.experiment_id = p_experiment_id AND a.arm = closed.arm
  GROUP BY pair, closed.arm, date;
END $$;

-- The same for all switchbacks of a bot, as long as a pair of theirs may not have settled.
CREATE OR REPLACE FUNCTION replace_experiments_days(p_bot_id text, p_dates date[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT replace_experiment_days(p_bot_id, experiment_id, array_agg(DISTINCT date))
  FROM experiments
  JOIN unnest(p_dates) AS date ON date BETWEEN starts_on AND trading_day(ends_at) + settle_days
  WHERE bot_id = p_bot_id AND design = 'switchback'
  GROUP BY experiment_id
$$;
