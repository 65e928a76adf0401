import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const post = (route: string, body: unknown) => service.call(route, { body });
const correct = (body: object) => post('POST /fills/corrections', { reason: 'corrected by the exchange', ...body });
const fill = (bot_id: string, fill_id: string, more: object = {}) => ({
  bot_id,
  fill_id,
  order_id: fill_id,
  symbol: 'BTC-USD',
  side: fill_id.startsWith('b') ? 'buy' : 'sell',
  price: fill_id.startsWith('b') ? '100' : '110',
  size: '1',
  fee_usd: '0',
  filled_at: `2026-03-0${fill_id.startsWith('b') ? 1 : 2}T10:00:00Z`,
  ...more,
});

/** A bot with a snapshot, a buy on 1 March and a sell on 2 March. */
async function traded(...fills: object[]): Promise<string> {
  const bot_id = bot();
  await post('POST /snapshots', { bot_id, config: {}, active_from: '2026-02-01T00:00:00Z' });
  await post(
    'POST /fills',
    [fill(bot_id, 'b1'), fill(bot_id, 's1'), ...fills].map((each) => ({ ...each, bot_id })),
  );
  await post('POST /summaries', { bot_id, from: '2026-03-01', to: '2026-03-04' });
  return bot_id;
}
const tradesOf = async (bot_id: string) => (await service.call('GET /trades', { query: { bot_id } })).body.trades;
const dayOf = async (bot_id: string, date: string) =>
  (await service.call('GET /summaries', { query: { bot_id, from: date, to: date } })).body.summaries[0];
const correctionsOf = async (bot_id: string) =>
  (await service.call('GET /fills/corrections', { query: { bot_id } })).body.corrections;

describe('a correction', () => {
  test('changes the trade, marks its day, and keeps the original content', async () => {
    const bot_id = await traded();
    const { status, body } = await correct({
      bot_id,
      fill_id: 's1',
      price: '95.5',
      reason: 'the price was that of the order',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      changed: true,
      correction: {
        fill_id: 's1',
        reason: 'the price was that of the order',
        before: { price: '110' },
        after: { price: '95.5' },
      },
    });
    expect(await tradesOf(bot_id)).toMatchObject([{ order_id: 's1', pnl_usd: -4.5 }]);
    expect(await dayOf(bot_id, '2026-03-02')).toMatchObject({ total_pnl_usd: 10, stale: true });
    await post('POST /summaries', { bot_id, from: '2026-03-02' });
    expect(await dayOf(bot_id, '2026-03-02')).toMatchObject({ total_pnl_usd: -4.5, losing_trades: 1, stale: false });
    expect(await correctionsOf(bot_id)).toEqual([body.correction]);
  });

  test('that voids a sell opens again what it had closed', async () => {
    const bot_id = await traded();
    expect((await correct({ bot_id, fill_id: 's1', void: true })).body).toMatchObject({
      changed: true,
      correction: { after: null },
    });
    expect(await tradesOf(bot_id)).toEqual([]);
    await post('POST /summaries', { bot_id, from: '2026-03-02' });
    expect(await dayOf(bot_id, '2026-03-02')).toMatchObject({ total_trades: 0, unmatched_sells: 0 });
    const [strategy] = (await service.call('GET /comparison', { query: { bot_id } })).body.strategies;
    expect(strategy).toMatchObject({ open_positions: 1, open_cost_usd: 100, total_trades: 0 });
    expect((await service.call('GET /coverage', { query: { bot_id, hours: 8784 } })).body.orders).toBe(1);
  });

  test('of the side from sell to buy removes the unmatched size, and back to sell restores it', async () => {
    const bot_id = await traded({ ...fill('', 's2', { filled_at: '2026-03-03T10:00:00Z' }) });
    const unmatched = async () => {
      await post('POST /summaries', { bot_id, from: '2026-03-03' });
      const [order] = await service.sql(
        "SELECT unmatched_size::text FROM orders WHERE bot_id = $1 AND order_id = 's2'",
        [bot_id],
      );
      return { ...order, sells: (await dayOf(bot_id, '2026-03-03')).unmatched_sells };
    };
    expect(await unmatched()).toEqual({ unmatched_size: '1', sells: 1 });
    await correct({ bot_id, fill_id: 's2', side: 'buy' });
    expect(await unmatched()).toEqual({ unmatched_size: '0', sells: 0 });
    await correct({ bot_id, fill_id: 's2', side: 'sell', reason: 'it was a sell after all' });
    expect(await unmatched()).toEqual({ unmatched_size: '1', sells: 1 });
  });

  test('of the client order id removes the link from the order that no longer has that id', async () => {
    const bot_id = await traded({ ...fill('', 's2', { client_order_id: 'c1' }) });
    await post('POST /trade-links', { bot_id, client_order_id: 'c1' });
    const attribution = () =>
      service.sql("SELECT attribution FROM orders WHERE bot_id = $1 AND order_id = 's2'", [bot_id]);
    expect(await attribution()).toEqual([{ attribution: 'link' }]);
    await correct({ bot_id, fill_id: 's2', client_order_id: 'c2' });
    expect(await attribution()).toEqual([{ attribution: 'time' }]);
    await post('POST /fills', [fill(bot_id, 's3', { client_order_id: 'c1' })]);
    expect(
      await service.sql('SELECT order_id FROM trade_strategy_link WHERE bot_id = $1 AND order_id IS NOT NULL', [
        bot_id,
      ]),
    ).toEqual([{ order_id: 's3' }]);
  });

  test.each([{ void: true }, { client_order_id: 'c2' }])(
    'of one of two orders with the same client order id moves the link to the other: %j',
    async (change) => {
      const both = [fill('', 's2', { client_order_id: 'c1' }), fill('', 's3', { client_order_id: 'c1' })];
      const bot_id = await traded(...both);
      await post('POST /trade-links', { bot_id, client_order_id: 'c1' });
      const linked = () =>
        service.sql("SELECT order_id FROM orders WHERE bot_id = $1 AND attribution = 'link'", [bot_id]);
      expect(await linked()).toEqual([]);
      await correct({ bot_id, fill_id: 's2', ...change });
      expect(await linked()).toEqual([{ order_id: 's3' }]);
    },
  );

  test('that voids a buy matches its sell to the next buy, or leaves it unmatched', async () => {
    const bot_id = await traded({ ...fill('', 'b2', { price: '50', filled_at: '2026-03-01T12:00:00Z' }) });
    await correct({ bot_id, fill_id: 'b1', void: true });
    expect(await tradesOf(bot_id)).toMatchObject([{ order_id: 's1', pnl_usd: 60 }]);
    await correct({ bot_id, fill_id: 'b2', void: true });
    expect(await tradesOf(bot_id)).toEqual([]);
    await post('POST /summaries', { bot_id, from: '2026-03-02' });
    expect(await dayOf(bot_id, '2026-03-02')).toMatchObject({ total_trades: 0, unmatched_sells: 1 });
  });

  test('of the time moves the trade to another day', async () => {
    const bot_id = await traded();
    await correct({ bot_id, fill_id: 's1', filled_at: '2026-03-04T10:00:00Z' });
    expect(await dayOf(bot_id, '2026-03-02')).toMatchObject({ stale: true });
    expect(await dayOf(bot_id, '2026-03-04')).toMatchObject({ stale: true });
    await post('POST /summaries', { bot_id, from: '2026-03-01', to: '2026-03-04' });
    expect((await dayOf(bot_id, '2026-03-02')).total_trades).toBe(0);
    expect((await dayOf(bot_id, '2026-03-04')).total_trades).toBe(1);
  });

  test('sent again, immediately or after another correction, changes nothing and returns the first result', async () => {
    const bot_id = await traded();
    const first = { bot_id, fill_id: 's1', price: '120' };
    const { correction } = (await correct(first)).body;
    expect((await correct(first)).body).toEqual({ changed: false, correction });
    await correct({ bot_id, fill_id: 's1', price: '130' });
    expect((await correct(first)).body).toEqual({ changed: false, correction });
    expect(await tradesOf(bot_id)).toMatchObject([{ pnl_usd: 30 }]);
    expect((await correct({ ...first, price: '130', reason: 'another' })).body).toEqual({
      changed: false,
      correction: null,
    });
    expect(await correctionsOf(bot_id)).toHaveLength(2);
  });

  test('remains when the bot sends the original fill again: corrected or void, it is a duplicate', async () => {
    const bot_id = await traded();
    await correct({ bot_id, fill_id: 's1', price: '120', fee_usd: '1' });
    await correct({ bot_id, fill_id: 'b1', void: true });
    const again = await post('POST /fills', [fill(bot_id, 'b1'), fill(bot_id, 's1')]);
    expect(again.body).toMatchObject({ accepted: 0, updated: 0, duplicates: 2, rejected: [] });
    expect(await tradesOf(bot_id)).toEqual([]);
    const corrected = await post('POST /fills', fill(bot_id, 's1', { price: '120', fee_usd: '1' }));
    expect(corrected.body).toMatchObject({ duplicates: 1 });
    const other = await post('POST /fills', [fill(bot_id, 's1', { price: '7' }), fill(bot_id, 'b1', { price: '7' })]);
    expect(other).toMatchObject({ status: 400 });
    expect(other.body.rejected.map(({ reason }: { reason: string }) => reason)).toEqual([
      expect.stringMatching(/^conflict: price is 120 here/),
      expect.stringMatching(/^conflict: price is 100 here/),
    ]);
  });

  test.each([
    [{ fill_id: 'none' }, 404, 'no fill'],
    [{ fill_id: 's1', symbol: 'BTC-EUR', price: undefined }, 400, 'quote_usd'],
    [{ fill_id: 's1', price: '-1' }, 400, 'greater than 0'],
    [{ fill_id: 's1', price: undefined }, 400, 'at least one corrected field'],
    [{ fill_id: 's1', void: true }, 400, 'cannot be combined with corrected fields'],
    [{ fill_id: 's1', reason: '' }, 400, 'reason'],
    [{ fill_id: 's1', filled_at: '2999-01-01T00:00:00Z' }, 400, 'future'],
    [{ fill_id: 's1', colour: 'red' }, 400, 'colour'],
  ])('that is invalid is rejected and changes nothing: %j', async (body, status, words) => {
    const bot_id = await traded();
    const answer = await correct({ bot_id, price: '1', ...body });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(words);
    expect(await correctionsOf(bot_id)).toEqual([]);
    expect(await tradesOf(bot_id)).toMatchObject([{ pnl_usd: 10 }]);
  });

  test('of a void fill is rejected', async () => {
    const bot_id = await traded();
    await correct({ bot_id, fill_id: 's1', void: true });
    expect(await correct({ bot_id, fill_id: 's1', price: '1' })).toMatchObject({ status: 409 });
  });

  test('is listed in pages, newest first, for one fill or all', async () => {
    const bot_id = await traded();
    for (const price of ['1', '2', '3']) await correct({ bot_id, fill_id: 's1', price });
    await correct({ bot_id, fill_id: 'b1', price: '4' });
    const page = async (query: object) =>
      (await service.call('GET /fills/corrections', { query: { bot_id, limit: 2, ...query } })).body;
    const first = await page({});
    const second = await page({ cursor: first.next_cursor });
    const prices = [...first.corrections, ...second.corrections].map(({ after }) => after.price);
    expect([prices, second.next_cursor]).toEqual([['4', '3', '2', '1'], null]);
    expect((await page({ fill_id: 'b1' })).corrections).toHaveLength(1);
  });
});

test('corrected fills give the same results as correct fills sent in the first place, for random corrections in any order', async () => {
  const content = fc.record({
    order_id: fc.constantFrom('o1', 'o2', 'o3'),
    symbol: fc.constantFrom('BTC-USD', 'ETH-USD'),
    side: fc.constantFrom('buy', 'sell'),
    price: fc.integer({ min: 1, max: 9 }).map(String),
    size: fc.integer({ min: 1, max: 3 }).map(String),
    fee_usd: fc.constantFrom('0', '0.1'),
    filled_at: fc.integer({ min: 1, max: 4 }).map((hour) => `2026-03-01T0${hour}:00:00Z`),
    source: fc.constantFrom('bot', 'manual'),
  });
  const step = fc.record({ fill: fc.nat({ max: 7 }), to: fc.option(content, { freq: 4 }) });
  const everything = async (bot_id: string) =>
    JSON.parse(
      JSON.stringify([(await tradesOf(bot_id)).map(withoutId), await stateOf(bot_id)]).replaceAll(bot_id, 'bot'),
    );

  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { minLength: 8, maxLength: 8 }),
      fc.array(step, { maxLength: 6 }),
      async (wrong, steps) => {
        const [corrected, fresh] = [bot(), bot()];
        const right = new Map(wrong.map((each, i) => [`f${i}`, each]));
        await post(
          'POST /fills',
          wrong.map((each, i) => ({ ...each, bot_id: corrected, fill_id: `f${i}` })),
        );
        for (const [i, { fill: n, to }] of steps.entries()) {
          if (!right.has(`f${n}`)) continue;
          const { status } = await correct({
            bot_id: corrected,
            fill_id: `f${n}`,
            reason: `${i}`,
            ...(to ?? { void: true }),
          });
          expect(status).toBe(200);
          if (to) right.set(`f${n}`, to);
          else right.delete(`f${n}`);
        }
        const fills = [...right].map(([fill_id, each]) => ({ ...each, bot_id: fresh, fill_id }));
        if (fills.length > 0) await post('POST /fills', fills);
        expect(await everything(corrected)).toEqual(await everything(fresh));
      },
    ),
    { numRuns: 15, seed: 1, endOnFailure: true },
  );
});

/** The id of a trade depends on its bot's id. */
const withoutId = ({ trade_id: _, ...trade }: { trade_id: string }) => trade;

const stateOf = (bot_id: string) =>
  service.sql(
    `SELECT 'fill', fill_id, trim_scale(open_size), trim_scale(open_fee_usd) FROM open_lots WHERE bot_id = $1
     UNION ALL
     SELECT attribution, order_id || symbol || side, trim_scale(unmatched_size), extract(epoch FROM last_filled_at) FROM orders WHERE bot_id = $1
     UNION ALL
     SELECT opening_fill_id, closing_fill_id, trim_scale(size), trim_scale(pnl_usd) FROM allocations WHERE bot_id = $1
     ORDER BY 1, 2, 3, 4`,
    [bot_id],
  );
