import { market, next } from '../market.ts';
import { measured, timed } from '../measure.ts';
import type { Part } from '../part.ts';

/** Measures the previous approach of users: one INSERT per link, FIFO matching of the whole table for each day, averages over joins. */
export const oldWay: Part = async ({ call, sql, quick, progress }) => {
  const count = quick ? 500 : 5_000;
  progress(`${count.toLocaleString('en-US')} fills and their links, the old way and ours`);
  const fills = next(market({ seed: 3, from: '2026-01-01T00:00:00Z', perDay: count / 5 }), count);
  const orders = [...new Set(fills.map(({ order_id }) => order_id))];
  await sql(
    'CREATE TABLE old_link (order_id text PRIMARY KEY, snapshot_id bigint, buy_score numeric, created_at timestamptz DEFAULT now())',
  );
  await sql(
    'CREATE TABLE old_trade (id bigserial PRIMARY KEY, order_id text, symbol text, side text, price numeric, size numeric, pnl_usd numeric, filled_at timestamptz)',
  );
  await call('POST', '/snapshots', { config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });

  const oldLinks = await timed(async () => {
    for (const order_id of orders)
      await sql('INSERT INTO old_link (order_id, snapshot_id, buy_score) VALUES (:order_id, 1, 6.5)', { order_id });
  });
  const ourLinks = await timed(async () => {
    for (let i = 0; i < orders.length; i += 500)
      await call(
        'POST',
        '/trade-links',
        orders.slice(i, i + 500).map((order_id) => ({ order_id, buy_score: '6.5' })),
      );
  });

  // The previous approach matched the whole table again every evening.
  const rebuild = `UPDATE old_trade sell SET pnl_usd = (
      SELECT sum(least(b.upto, s.upto) - greatest(b.upto - b.size, s.upto - s.size)) * (sell.price - avg(b.price))
      FROM (SELECT id, size, sum(size) OVER (PARTITION BY symbol ORDER BY filled_at, id) AS upto FROM old_trade WHERE side = 'sell' AND symbol = sell.symbol) s,
           (SELECT price, size, sum(size) OVER (PARTITION BY symbol ORDER BY filled_at, id) AS upto FROM old_trade WHERE side = 'buy' AND symbol = sell.symbol) b
      WHERE s.id = sell.id AND b.upto > s.upto - s.size AND b.upto - b.size < s.upto)
    WHERE side = 'sell'`;
  const averages = `SELECT avg(day_rate) FROM (SELECT date_trunc('day', t.filled_at), avg((pnl_usd > 0)::int) AS day_rate FROM old_trade t
    JOIN old_link l ON l.order_id = t.order_id WHERE side = 'sell' GROUP BY 1) AS days`;
  const parts = 5;
  const [oldDays, ourDays] = [
    await timed(async () => {
      for (let day = 0; day < parts; day++) {
        const rows = JSON.stringify(fills.slice((day * count) / parts, ((day + 1) * count) / parts));
        await sql(
          'INSERT INTO old_trade (order_id, symbol, side, price, size, filled_at) SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS f (order_id text, symbol text, side text, price numeric, size numeric, filled_at timestamptz)',
          { rows },
        );
        await sql(rebuild);
        await sql(averages);
      }
    }),
    await timed(async () => {
      for (let i = 0; i < count; i += 1000) await call('POST', '/fills', fills.slice(i, i + 1000));
      for (let day = 1; day <= parts; day++) await call('POST', '/summaries', { from: `2026-01-0${day}` });
      await call('GET', '/comparison');
    }),
  ];
  const ratio = (what: string, size: string, [ours, old]: readonly [number, number]) =>
    measured(what, ours, 'ms', { size, against: { what: 'the old way', value: old } });
  return [
    ratio('links', `${orders.length.toLocaleString('en-US')}`, [ourLinks, oldLinks]),
    ratio('fills matched, five days summarised and compared', count.toLocaleString('en-US'), [ourDays, oldDays]),
  ];
};
