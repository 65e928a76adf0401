import type { Place } from './place.ts';

/** Pairs of fills inserted per statement. */
const AT_ONCE = 50_000;

/** Inserts a matched history of a bot directly into the tables: pairs of a buy and the sell that closes it, with orders, allocation and
 *  trade, spread evenly over `days` before `until` and 60 symbols, under the bot's snapshots, of which the first must be older. */
export async function makeHistory(
  { sql, progress }: Pick<Place, 'sql'> & { progress: (doing: string) => void },
  { bot, fills, days, until }: { bot: string; fills: number; days: number; until: string },
): Promise<void> {
  const pairs = fills / 2;
  const seconds = (days * 86_400) / pairs;
  for (let from = 0; from < pairs; from += AT_ONCE) {
    const to = Math.min(pairs, from + AT_ONCE);
    if (from % 250_000 === 0)
      progress(`a history of ${fills.toLocaleString('en-US')} fills: ${Math.round((from / pairs) * 100)} %`);
    const series = `generate_series(${from}, ${to - 1}) AS i,
      LATERAL (SELECT '${bot}' AS bot_id, lpad(i::text, 9, '0') AS id, 'C' || lpad((i % 60)::text, 2, '0') || '-USD' AS symbol,
        timestamptz '${until}' - interval '1 hour' - (${pairs} - i) * ${seconds} * interval '1 second' AS bought,
        least(${seconds} * 30, 1800 + i % 3000) * interval '1 second' AS held, (i::bigint * 7919 % 2001 - 990) / 1000.0 AS gain) AS p`;
    const active = `JOIN strategy_snapshots s ON s.bot_id = p.bot_id AND p.bought >= s.active_from AND p.bought < coalesce(s.active_until, 'infinity')`;
    const side = (name: 'buy' | 'sell', time: string, price: string) =>
      `SELECT bot_id, 'h-' || id || '-${name}', 'h-' || id || '-${name}', symbol, '${name}', ${price}, 10, 0.05, ${price}, ${time}, ${time}, 'bot' FROM ${series}`;
    const order = (name: 'buy' | 'sell', time: string) =>
      `SELECT p.bot_id, 'h-' || id || '-${name}', symbol, '${name}', 'bot', ${time}, ${time}, ${time}, s.snapshot_id, 'time' FROM ${series} ${active}`;
    await sql(`INSERT INTO fills (bot_id, fill_id, order_id, symbol, side, price, size, fee_usd, price_usd, filled_at, placed_at, source)
      ${side('buy', 'bought', '100')} UNION ALL ${side('sell', 'bought + held', '100 + gain')}`);
    await sql(`INSERT INTO orders (bot_id, order_id, symbol, side, source, placed_at, first_filled_at, last_filled_at, snapshot_id, attribution)
      ${order('buy', 'bought')} UNION ALL ${order('sell', 'bought + held')}`);
    await sql(`INSERT INTO allocations (bot_id, sell_fill_id, buy_fill_id, sell_order_id, buy_order_id, symbol, size, buy_fee_usd, sell_fee_usd, cost_basis_usd, net_proceeds_usd, bought_at, sold_at)
      SELECT bot_id, 'h-' || id || '-sell', 'h-' || id || '-buy', 'h-' || id || '-sell', 'h-' || id || '-buy', symbol, 10, 0.05, 0.05, 1000.05, (100 + gain) * 10 - 0.05, bought, bought + held FROM ${series}`);
    await sql(`INSERT INTO trades (bot_id, order_id, part, symbol, opened_at, closed_at, size, cost_basis_usd, net_proceeds_usd, pnl_usd, hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
      SELECT p.bot_id, 'h-' || id || '-sell', 1, symbol, bought, bought + held, 10, 1000.05, (100 + gain) * 10 - 0.05, gain * 10 - 0.1, extract(epoch FROM held), s.snapshot_id, s.snapshot_id, 'time' FROM ${series} ${active}`);
  }
  for (const table of ['fills', 'orders', 'allocations', 'trades']) await sql(`ANALYZE ${table}`);
}
