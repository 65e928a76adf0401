import { expect, test } from 'vitest';
import * as z from 'zod';
import { sql as sqlText } from '../../../functions/database/sql.ts';
import { linkTrades } from '../../../functions/trade-links/trade-links.ts';
import { CorrectFill } from '../../../functions/trades/contract.ts';
import { correctFill } from '../../../functions/trades/corrections.ts';
import { recentCoverage } from '../../../functions/trades/data-quality/coverage.ts';
import { recordFills } from '../../../functions/trades/recording.ts';
import { trades } from '../../../functions/trades/store.ts';
import { inBatches } from '../../support/matching.ts';
import { type Service, startService } from '../../support/service.ts';

/** A batch of buy and sell pairs, spread over the symbols, each pair one second later than the last. */
function batch(bot_id: string, from: number, pairs: number, symbols = 20): object[] {
  return Array.from({ length: pairs * 2 }, (_, i) => {
    const pair = from + Math.floor(i / 2);
    const side = i % 2 === 0 ? 'buy' : 'sell';
    return {
      bot_id,
      fill_id: `${pair}-${side}`,
      order_id: `${pair}-${side}`,
      symbol: `S${pair % symbols}-USD`,
      side,
      price: '10',
      size: '1',
      fee_usd: '0.01',
      filled_at: new Date(1_750_000_000_000 + pair * 1000).toISOString(),
    };
  });
}

/** Helpers for a test with its own database. */
function over({ sql, database }: Service) {
  const rows = async () => {
    await database.many(z.unknown(), sqlText`SELECT pg_stat_force_next_flush()::text AS flushed`);
    await sql('SELECT pg_stat_force_next_flush()');
    const [read] = await sql<{ rows: string }>(
      'SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables',
    );
    return Number(read?.rows);
  };
  return {
    sql,
    async take(fills: object[]) {
      for (const some of inBatches(fills, 1000)) await recordFills(database, some, new Date());
    },
    link: (...links: object[]) =>
      linkTrades(
        database,
        links.map((each) => ({ buy_score: 1, ...each })),
        new Date(),
      ),
    correct: (correction: object) =>
      correctFill(database, CorrectFill.parse({ reason: 'it was wrong', ...correction }), new Date()),
    save: (snapshot: object) =>
      sql('SELECT save_snapshot($1::jsonb)', [
        JSON.stringify({
          config: '{}',
          config_hash: '0'.repeat(64),
          settings: {},
          idempotency_key: 'once',
          request_hash: '0'.repeat(64),
          ...snapshot,
        }),
      ]),
    /** The number of rows that the database reads for some work. */
    async rowsRead(work: () => Promise<unknown>): Promise<number> {
      const before = await rows();
      await work();
      return (await rows()) - before;
    },
  };
}

// The states of the tables at the time of ANALYZE, which determine query plans. The test server never runs it automatically.
const statistics = ['nothing', 'empty tables', 'small bots', 'links by order id alone', 'all data'] as const;
const databases = await Promise.all(statistics.map(async (kind) => ({ kind, service: await startService() })));
const [another, crowded] = await Promise.all([startService(), startService()]);

test.each(databases)(
  'with statistics of $kind, a late fill reads the later fills of its book once, and every other write reads few rows',
  async ({ kind, service }) => {
    const { sql, take, link, correct, save, rowsRead } = over(service);
    const analyse = async (now: (typeof statistics)[number]) => now === kind && (await sql('ANALYZE'));
    const one = (fill: object | undefined, id: string) => [{ ...fill, fill_id: id, order_id: id }];
    await analyse('empty tables');
    // After some calls PostgreSQL caches plans: here for nearly empty tables without statistics.
    for (let i = 0; i < 8; i++) {
      const bot_id = `tiny-${i}`;
      const [first, ...rest] = batch(bot_id, 0, 5, 1);
      await take(rest);
      await take(one(first, 'late'));
      await take(one(first, 'one more'));
      await take([{ ...first, fill_id: 'more of it', order_id: 'late' }]);
      await link({ bot_id, order_id: 'late' });
      await link({ bot_id, order_id: 'later' });
      await link({ bot_id, client_order_id: 'ours' });
      await take([{ ...one(first, 'ours')[0], client_order_id: 'ours' }]);
      await link({ bot_id, order_id: 'ours', client_order_id: 'ours' });
    }
    await analyse('small bots');

    const [first, ...rest] = batch('late', 0, 800, 1);
    await take(rest);
    const waiting = await rowsRead(() => take(one(first, '0-buy')));
    expect(await sql("SELECT size::integer FROM trades WHERE bot_id = 'late' AND order_id = '0-sell'")).toEqual([
      { size: 1 },
    ]);
    // It reads each later fill of the book with its order and allocations, but writes only the changed rows.
    expect(waiting).toBeLessThan(10 * rest.length);

    const bot_id = 'late';
    const ids = Array.from({ length: 1000 }, (_, i) => i);
    const halves = [ids.slice(0, 500), ids.slice(500)];
    for (const half of halves) await link(...half.map((i) => ({ bot_id, order_id: `waits-${i}` })));
    await analyse('links by order id alone');
    for (const half of halves) await link(...half.map((i) => ({ bot_id, client_order_id: `client-${i}` })));
    const [next] = batch(bot_id, 900, 1, 1);
    const unmatched = { ...next, side: 'sell', symbol: 'U-USD' };
    await take(ids.map((i) => ({ ...one(unmatched, `unmatched-${i}`)[0] })));
    await take(one({ ...next, fee_usd: null }, 'no fee yet'));
    await analyse('all data');
    const few: Record<string, () => Promise<unknown>> = {
      'a fill in order': () => take(one(next, 'in order')),
      'a fill of a stored order': () => take([{ ...next, fill_id: 'more of it', order_id: '5-buy' }]),
      'a fill of an unmatched sell': () =>
        take([{ ...unmatched, fill_id: 'z', order_id: 'unmatched-7', filled_at: '2025-06-15T16:00:00Z' }]),
      'a fill of an order with a link': () => take(one(next, 'waits-7')),
      'a fill with a linked client order id': () => take([{ ...one(next, 'c')[0], client_order_id: 'client-7' }]),
      'a late fee': () => take(one(next, 'no fee yet')),
      'a late client order id': () => take([{ ...one(next, 'no fee yet')[0], client_order_id: 'client-9' }]),
      'a correction of a price': () => correct({ bot_id, fill_id: 'in order', price: '11' }),
      'a correction of an order': () => correct({ bot_id, fill_id: 'waits-7', order_id: 'waits-9' }),
      'a void of a fill that is linked by its client order id': () => correct({ bot_id, fill_id: 'c', void: true }),
      'a void of the only sell at its time': () => correct({ bot_id, fill_id: 'z', void: true }),
      'a snapshot that starts now': () => save({ bot_id, active_from: new Date().toISOString() }),
      'a link of a closing order': () => link({ bot_id, order_id: '5-sell' }),
      'a link without an order': () => link({ bot_id, order_id: 'not yet filled' }),
      'a link by a client order id': () => link({ bot_id, client_order_id: 'not yet placed' }),
      'a link by both ids': () => link({ bot_id, order_id: 'waits-8', client_order_id: 'client-8' }),
    };
    for (const [name, write] of Object.entries(few))
      expect([name, await rowsRead(write)]).toEqual([name, expect.toSatisfy((rows: number) => rows > 0 && rows < 100)]);

    const shifting = await rowsRead(() => take(one(first, 'one more')));
    const [{ moved } = { moved: 0 }] = await sql<{ moved: number }>(
      "SELECT count(*)::integer AS moved FROM allocations WHERE bot_id = 'late' AND opening_order_id <> replace(closing_order_id, 'sell', 'buy')",
    );
    expect(moved).toBe(799);
    expect(shifting).toBeLessThan(40 * moved);
  },
);

test('a batch reads as many rows for a bot with many fills or a new bot, with stale statistics, as for a small bot', async () => {
  const { sql, take, rowsRead } = over(another);
  // Both cached plans and statistics are those of nearly empty tables.
  for (let i = 0; i < 8; i++) await take(batch(`small-${i}`, 0, 10));
  await sql('ANALYZE');

  await take(batch('large', 0, 100));
  const early = await rowsRead(() => take(batch('large', 100, 100)));
  for (let from = 200; from < 2200; from += 500) await take(batch('large', from, 500));
  const late = await rowsRead(() => take(batch('large', 2200, 100)));
  const fresh = await rowsRead(() => take(batch('fresh', 0, 100)));

  expect(early).toBeGreaterThan(200);
  expect(late / early).toBeLessThan(1.5);
  expect(fresh / early).toBeLessThan(1.5);
});

test('a summary reads the trades of its day and few other rows', async () => {
  const { sql, take, save, rowsRead } = over(another);
  await save({ bot_id: 'days', active_from: '2025-01-01T00:00:00Z' });
  const first = Date.parse('2025-03-01T12:00:00Z');
  for (let day = 0; day < 20; day++) {
    const filledAt = (index: number) => new Date(first + day * 86_400_000 + index * 1000).toISOString();
    await take(batch('days', day * 200, 200).map((fill, index) => ({ ...fill, filled_at: filledAt(index) })));
  }
  // First with statistics of nearly empty tables, then of all data.
  for (const statistics of ['nearly empty', 'all data']) {
    const day = statistics === 'all data' ? '2025-03-11' : '2025-03-10';
    const read = await rowsRead(() => sql("SELECT summarise_step('days', $1::date, $1::date, 100)", [day]));
    expect([statistics, read]).toEqual([statistics, expect.toSatisfy((rows: number) => rows >= 200 && rows < 300)]);
    expect(
      await sql("SELECT total_trades FROM strategy_performance_summary WHERE bot_id = 'days' AND date = $1", [day]),
    ).toEqual([{ total_trades: 200 }]);
    await sql('ANALYZE');
  }
});

test('the coverage of a day reads the fills of its orders only, also where nearly all fills have a fee', async () => {
  const { sql, take, rowsRead } = over(crowded);
  for (let bot = 0; bot < 40; bot++) await take(batch(`bot-${bot}`, 0, 100));
  const longAgo = batch('bot-5', 1000, 500).map((fill) => ({ ...fill, filled_at: '2025-05-01T00:00:00Z' }));
  await take(longAgo);
  await sql('ANALYZE');
  let orders: number | undefined;
  const read = await rowsRead(async () => {
    const now = new Date('2025-06-16T00:00:00Z');
    ({ orders } = await recentCoverage(crowded.database, 'bot-5', { hours: 24, now }));
  });
  expect(orders).toBe(200);
  expect(read).toBeLessThan(4 * 200);
});

test('a page of trades reads the links of its trades only', async () => {
  const { sql, take, link, rowsRead } = over(another);
  const bot_id = 'listed';
  await take(batch(bot_id, 0, 1000));
  const links = Array.from({ length: 1000 }, (_, i) => ({
    ...{ bot_id, order_id: `${i}-sell`, trigger_type: i % 2 === 0 ? 'even' : 'odd' },
  }));
  for (const half of [links.slice(0, 500), links.slice(500)]) await link(...half);
  await sql('ANALYZE');
  for (const filter of [{}, { side: 'long' as const }, { trigger_type: 'even' }]) {
    const read = await rowsRead(async () =>
      expect(await trades(another.database, { bot_id, ...filter }, 100)).toHaveLength(100),
    );
    // At most every trade of the bot, to sort them, and the links up to the end of the page, of which a trigger leaves every other one.
    expect([filter, read]).toEqual([filter, expect.toSatisfy((rows: number) => rows >= 200 && rows < 1000 + 300)]);
  }
});
