import type { Place } from './place.ts';

/** Pairs of fills inserted per statement. */
const AT_ONCE = 50_000;

/** Inserts a matched history of a bot directly into the tables: pairs of a buy and the sell that closes it, with orders, allocation and
 *  trade, spread evenly over `days` before `until` and 60 symbols, under the bot's snapshots, of which the first must be older.
 *  `name`: with which the ids begin. `analyze`: whether to renew the statistics of the tables, which takes longest. */
export async function makeHistory(
  { sql, progress }: Pick<Place, 'sql'> & { progress: (doing: string) => void },
  {
    bot,
    fills,
    days,
    until,
    name = 'h',
    analyze = true,
  }: { bot: string; fills: number; days: number; until: string; name?: string; analyze?: boolean },
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
    const book = `JOIN books b ON b.bot_id = p.bot_id AND b.symbol = p.symbol`;
    const fill = (side: 'buy' | 'sell', time: string, price: string) =>
      `SELECT p.bot_id, '${name}-' || id || '-${side}', '${name}-' || id || '-${side}', book_id, '${side}', ${price}, 10, 0.05, ${time}, ${time}, 'bot' FROM ${series} ${book}`;
    const order = (side: 'buy' | 'sell', time: string, allocations: string) =>
      `SELECT p.bot_id, '${name}-' || id || '-${side}', book_id, p.symbol, '${side}', 'bot', ${time}, ${time}, ${time}, ${allocations}, s.snapshot_id, 'time' FROM ${series} ${active} ${book}`;
    const allocation = `ARRAY[ROW('${name}-' || id || '-sell', '${name}-' || id || '-buy', 10, 0.05, 0.05)::allocation]::text`;
    await sql(`INSERT INTO books (bot_id, symbol, position_side, last_filled_at, last_price_usd)
      SELECT p.bot_id, p.symbol, 'long', max(bought + held), 100 FROM ${series} GROUP BY 1, 2
      ON CONFLICT (bot_id, symbol, position_side, position_id) DO UPDATE SET last_filled_at = greatest(books.last_filled_at, excluded.last_filled_at)`);
    await sql(`INSERT INTO fills (bot_id, fill_id, order_id, book_id, side, price, size, fee_usd, filled_at, placed_at, source)
      ${fill('buy', 'bought', '100')} UNION ALL ${fill('sell', 'bought + held', '100 + gain')}`);
    await sql(`INSERT INTO orders (bot_id, order_id, book_id, symbol, side, source, placed_at, first_filled_at, last_filled_at, allocations, snapshot_id, attribution)
      ${order('buy', 'bought', 'NULL')} UNION ALL ${order('sell', 'bought + held', allocation)}`);
    await sql(`INSERT INTO trades (trade_id, bot_id, order_id, part, symbol, side, opened_at, closed_at, size, entry_price_usd, exit_price_usd, cost_basis_usd, net_proceeds_usd, pnl_usd, hold_seconds, entry_snapshot_id, exit_snapshot_id, attribution)
      SELECT trade_id_of(p.bot_id, '${name}-' || id || '-sell', 1), p.bot_id, '${name}-' || id || '-sell', 1, symbol, 'long', bought, bought + held, 10, 100, 100 + gain, 1000.05, (100 + gain) * 10 - 0.05, gain * 10 - 0.1, extract(epoch FROM held), s.snapshot_id, s.snapshot_id, 'time' FROM ${series} ${active}`);
  }
  if (analyze) for (const table of ['books', 'fills', 'orders', 'trades']) await sql(`ANALYZE ${table}`);
}
