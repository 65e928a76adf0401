import { describe, expect, test } from 'vitest';
import { bot, startLinking } from '../trade-links/linking.ts';

const { service, post, fill } = await startLinking();

describe('coverage', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const coverage = async (bot_id: string, query = {}) =>
    (await service.call('GET /coverage', { query: { bot_id, ...query } })).body;

  test('counts the orders of the window by attribution and source, and lists missing links, fills and fees', async () => {
    const bot_id = bot();
    const recent = (order_id: string, more: object = {}) => ({
      bot_id,
      fill_id: order_id,
      order_id,
      symbol: 'A-USD',
      side: 'buy',
      price: '1',
      size: '1',
      fee_usd: '0',
      filled_at: minutesAgo(60),
      source: 'ws',
      ...more,
    });
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: minutesAgo(120) } });
    await service.call('POST /fills', {
      body: [
        recent('linked'),
        recent('linked-too', { source: null, fee_usd: null }),
        recent('timed'),
        recent('early', { filled_at: minutesAgo(180), source: 'rest' }),
        recent('hand', { source: 'manual' }),
        recent('old', { filled_at: minutesAgo(60 * 30) }),
      ],
    });
    await post([
      { bot_id, order_id: 'linked' },
      { bot_id, order_id: 'linked-too' },
      { bot_id, order_id: 'never-filled' },
      { bot_id, client_order_id: 'never-filled-either' },
    ]);

    expect(await coverage(bot_id)).toMatchObject({
      bot_id,
      orders: 5,
      linked: 2,
      by_time: 1,
      none: 1,
      manual: 1,
      link_rate: 50,
      links_without_fills: 2,
      fills_without_fee: 1,
    });
    const { sources } = await coverage(bot_id);
    expect(sources).toHaveLength(4);
    expect(sources).toEqual(
      expect.arrayContaining([
        { source: 'ws', orders: 2, linked: 1, by_time: 1, none: 0, manual: 0 },
        { source: null, orders: 1, linked: 1, by_time: 0, none: 0, manual: 0 },
        { source: 'rest', orders: 1, linked: 0, by_time: 0, none: 1, manual: 0 },
        { source: 'manual', orders: 1, linked: 0, by_time: 0, none: 0, manual: 1 },
      ]),
    );
    expect(await coverage(bot_id, { hours: 1 })).toMatchObject({ orders: 0 });
    expect(await coverage(bot_id, { hours: 48 })).toMatchObject({ orders: 6, none: 2, link_rate: 40 });
  });

  test('has no link rate when there are no orders of a strategy', async () => {
    const bot_id = bot();
    expect(await coverage(bot_id)).toMatchObject({ orders: 0, linked: 0, link_rate: null, sources: [] });
    await fill(bot_id, 'hand', 0, { source: 'manual', filled_at: minutesAgo(5) });
    expect(await coverage(bot_id)).toMatchObject({ orders: 1, manual: 1, link_rate: null });
  });

  test('excludes an order that was filled before and after the window, but not in it', async () => {
    const bot_id = bot();
    await fill(bot_id, 'o', 1, { filled_at: minutesAgo(600) });
    await fill(bot_id, 'o', 2, { filled_at: minutesAgo(-2) });
    expect(await coverage(bot_id, { hours: 1 })).toMatchObject({ orders: 0 });
  });

  test.each(['0', '8785', 'x', '1.5', '-1'])('rejects %s hours with 400', async (hours) => {
    const { status, body } = await service.call('GET /coverage', { query: { hours } });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'hours' });
  });
});
