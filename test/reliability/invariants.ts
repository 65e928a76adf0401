import { expect } from 'vitest';
import type { Service } from '../support/service.ts';

/** Invariants of the database: a sentence, and a query for rows that violate it. */
const invariants: Readonly<Record<string, string>> = {
  'a bot with snapshots has one that is active': `
    SELECT bot_id, count(*) FILTER (WHERE active_until IS NULL)
    FROM strategy_snapshots GROUP BY bot_id HAVING count(*) FILTER (WHERE active_until IS NULL) <> 1`,
  'a period ends where the next begins': `
    SELECT * FROM (
      SELECT snapshot_id, active_until, lead(active_from) OVER (PARTITION BY bot_id ORDER BY active_from) AS next FROM strategy_snapshots
    ) AS s WHERE active_until IS DISTINCT FROM next`,
  'the allocated and open parts of a fill add up to its size and fee': `
    SELECT f.bot_id, f.fill_id, f.size, l.open_size, a.size AS allocated
    FROM fills f
    JOIN books b USING (book_id)
    LEFT JOIN open_lots l ON l.bot_id = f.bot_id AND l.fill_id = f.fill_id
    LEFT JOIN (
      SELECT bot_id, fill_id, sum(size) AS size, sum(fee) AS fee
      FROM (SELECT bot_id, opening_fill_id AS fill_id, size, opening_fee_usd AS fee FROM allocations
            UNION ALL SELECT bot_id, closing_fill_id, size, closing_fee_usd FROM allocations) AS pieces
      GROUP BY bot_id, fill_id
    ) AS a ON a.bot_id = f.bot_id AND a.fill_id = f.fill_id
    WHERE b.pending_from IS NULL AND CASE
      WHEN b.position_side = 'net' OR (f.side = 'buy') = (b.position_side = 'long')
        THEN coalesce(l.open_size, 0) + coalesce(a.size, 0) <> coalesce(f.net_size, f.size) OR coalesce(l.open_fee_usd, 0) + coalesce(a.fee, 0) <> coalesce(f.fee_usd, 0)
      ELSE l.fill_id IS NOT NULL OR a.size > f.size OR a.size = f.size AND a.fee <> coalesce(f.fee_usd, 0) END`,
  'an allocation joins a closing fill and an earlier opening fill of its book': `
    SELECT a.* FROM allocations a
    LEFT JOIN fills o ON o.bot_id = a.bot_id AND o.fill_id = a.opening_fill_id AND o.order_id = a.opening_order_id
    LEFT JOIN fills c ON c.bot_id = a.bot_id AND c.fill_id = a.closing_fill_id AND c.order_id = a.closing_order_id AND c.book_id = o.book_id
    WHERE o.fill_id IS NULL OR c.fill_id IS NULL OR o.filled_at > c.filled_at OR o.side = c.side`,
  'no closing fill is unmatched while a lot before it is open': `
    SELECT c.bot_id, c.fill_id, l.fill_id AS lot FROM fills c
    JOIN books b ON b.book_id = c.book_id AND b.position_side <> 'net' AND b.pending_from IS NULL
    JOIN open_lots l ON l.book_id = c.book_id AND l.filled_at <= c.filled_at AND l.side <> c.side
    LEFT JOIN (SELECT bot_id, closing_fill_id, sum(size) AS size FROM allocations GROUP BY 1, 2) AS a ON a.bot_id = c.bot_id AND a.closing_fill_id = c.fill_id
    WHERE c.size > coalesce(a.size, 0)`,
  'the trades of an order are its allocations': `
    SELECT bot_id, order_id, a.size, t.size AS traded
    FROM (SELECT a.bot_id, closing_order_id AS order_id, sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds
          FROM allocations a JOIN books USING (book_id) WHERE position_id = '' GROUP BY 1, 2) AS a
    FULL JOIN (SELECT bot_id, order_id, sum(size) AS size, sum(cost_basis_usd) AS cost, sum(net_proceeds_usd) AS proceeds
          FROM trades WHERE position_id IS NULL GROUP BY 1, 2) AS t USING (bot_id, order_id)
    WHERE (a.size, a.cost, a.proceeds) IS DISTINCT FROM (t.size, t.cost, t.proceeds)`,
  'an order equals its fills': `
    SELECT bot_id, order_id FROM orders o
    FULL JOIN (SELECT f.bot_id, f.order_id, min(filled_at) AS first, max(filled_at) AS last, sum(f.size - coalesce(a.size, 0)) FILTER (WHERE b.position_side <> 'net' AND (side = 'sell') = (b.position_side = 'long')) AS unmatched
          FROM fills f
          JOIN books b USING (book_id)
          LEFT JOIN (SELECT bot_id, closing_fill_id AS fill_id, sum(size) AS size FROM allocations GROUP BY 1, 2) AS a ON a.bot_id = f.bot_id AND a.fill_id = f.fill_id
          GROUP BY 1, 2) AS f USING (bot_id, order_id)
    WHERE (o.first_filled_at, o.last_filled_at, o.unmatched_size) IS DISTINCT FROM (f.first, f.last, coalesce(f.unmatched, 0))`,
  'an order has the snapshot of its link, or else the one active at its time': `
    SELECT o.bot_id, o.order_id, o.snapshot_id, o.attribution, l.snapshot_id AS linked FROM orders o
    LEFT JOIN trade_strategy_link l USING (bot_id, order_id)
    WHERE o.snapshot_id IS DISTINCT FROM
      CASE WHEN o.source = 'manual' THEN NULL ELSE coalesce(l.snapshot_id, (SELECT active_snapshot FROM active_snapshot(o.bot_id, o.attributed_at))) END`,
  'a link has the snapshot active at its time': `
    SELECT * FROM trade_strategy_link WHERE NOT snapshot_given AND snapshot_id IS DISTINCT FROM (SELECT active_snapshot FROM active_snapshot(bot_id, attributed_at))`,
  'a summary that is not marked equals the trades of its day': `
    SELECT s.snapshot_id, s.date, s.total_trades, t.trades, s.total_pnl_usd, t.pnl FROM strategy_performance_summary s
    CROSS JOIN LATERAL (
      SELECT count(*) AS trades, coalesce(sum(pnl_usd), 0) AS pnl, count(*) FILTER (WHERE pnl_usd > breakeven_usd()) AS won, coalesce(sum(hold_seconds), 0) AS held
      FROM trades WHERE entry_snapshot_id = s.snapshot_id AND trading_day(closed_at) = s.date AND attribution <> 'manual'
    ) AS t
    WHERE NOT EXISTS (SELECT FROM marked_days m WHERE (m.snapshot_id, m.date) = (s.snapshot_id, s.date))
      AND (s.total_trades, s.total_pnl_usd, s.winning_trades, s.hold_seconds_sum) IS DISTINCT FROM (t.trades, t.pnl, t.won, t.held)`,
  'a summary that is not marked counts the unmatched sells of its day': `
    SELECT s.snapshot_id, s.date, s.unmatched_sells, u.sells FROM strategy_performance_summary s
    CROSS JOIN LATERAL (
      SELECT count(*) AS sells FROM orders
      WHERE snapshot_id = s.snapshot_id AND unmatched_size > 0 AND trading_day(last_filled_at) = s.date
    ) AS u
    WHERE NOT EXISTS (SELECT FROM marked_days m WHERE (m.snapshot_id, m.date) = (s.snapshot_id, s.date)) AND s.unmatched_sells <> u.sells`,
  'an unmatched sell is in a summary, or its day is marked': `
    SELECT bot_id, order_id, last_filled_at FROM orders o
    WHERE unmatched_size > 0 AND snapshot_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM strategy_performance_summary s WHERE (s.snapshot_id, s.date) = (o.snapshot_id, trading_day(o.last_filled_at)))
      AND NOT EXISTS (SELECT FROM marked_days m WHERE (m.snapshot_id, m.date) = (o.snapshot_id, trading_day(o.last_filled_at)))`,
  'a trade is in a summary, or its day is marked': `
    SELECT bot_id, order_id, closed_at FROM trades t
    WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'
      AND NOT EXISTS (SELECT FROM strategy_performance_summary s WHERE (s.snapshot_id, s.date) = (t.entry_snapshot_id, trading_day(t.closed_at)))
      AND NOT EXISTS (SELECT FROM marked_days m WHERE (m.snapshot_id, m.date) = (t.entry_snapshot_id, trading_day(t.closed_at)))`,
};

/** Checks every invariant on the whole database. */
export async function expectInvariants(sql: Service['sql']): Promise<void> {
  const violations: Record<string, unknown> = {};
  for (const [sentence, query] of Object.entries(invariants)) {
    const rows = await sql(`${query} LIMIT 3`);
    if (rows.length > 0) violations[sentence] = rows;
  }
  expect(violations).toEqual({});
}
