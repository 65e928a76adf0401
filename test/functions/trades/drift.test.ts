import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (minute: number) => new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString();

/** A bot with a snapshot of this configuration, and with orders whose links report settings. */
async function trading(config: object, links: readonly object[]): Promise<string> {
  const bot_id = bot();
  await service.call('POST /snapshots', { body: { bot_id, config, active_from: at(-60), notes: 'as tracked' } });
  for (const [i, link] of links.entries()) {
    const order = { bot_id, order_id: `o${i}` };
    await service.call('POST /fills', {
      body: { ...order, fill_id: `f${i}`, symbol: 'BTC-USD', side: 'buy', price: '1', size: '1', filled_at: at(i) },
    });
    expect((await service.call('POST /trade-links', { body: { ...order, ...link } })).status).toBe(200);
  }
  return bot_id;
}
const driftOf = async (bot_id: string) =>
  (await service.call('GET /coverage', { query: { bot_id } })).body.drift.map(
    ({ snapshot_id: _, ...difference }: Record<string, unknown>) => difference,
  );

describe('a link that reports the settings of the bot', () => {
  test('is stored, and the coverage shows the differences from its snapshot with their number of orders', async () => {
    const config = { indicator_weights: { rsi: 1.5, roc: 1 }, excluded_symbols: ['B-USD', 'A-USD'] };
    const bot_id = await trading(config, [
      { settings: { indicator_weights: { rsi: 2.5 } } },
      { settings: { indicator_weights: { rsi: 2.5 } } },
      { settings: { indicator_weights: { rsi: 1.5 }, excluded_symbols: ['A-USD', 'B-USD'] } },
      { settings: { cooldown_bars: 3 } },
      {},
    ]);
    expect(await driftOf(bot_id)).toEqual([
      { path: '/indicator_weights/rsi', snapshot: 1.5, bot: 2.5, orders: 2 },
      { path: '/cooldown_bars', snapshot: null, bot: 3, orders: 1 },
    ]);
    expect(
      (await service.call('GET /trade-links/{order_id}', { path: { order_id: 'o0' }, query: { bot_id } })).body,
    ).toMatchObject({
      settings: { indicator_weights: { rsi: 2.5 } },
    });
  });

  test('by their hash shows drift only when the hash differs from that of the snapshot', async () => {
    const tracked = (await service.call('POST /snapshots', { body: { bot_id: 'hash', config: { rsi: 1.5 } } })).body
      .config_hash;
    const other = '0'.repeat(64);
    const bot_id = await trading({ rsi: 1.5 }, [{ config_hash: tracked }, { config_hash: other }]);
    expect(await driftOf(bot_id)).toEqual([{ path: '', snapshot: tracked, bot: other, orders: 1 }]);
  });

  test('is compared with the snapshot to which the order is finally attributed', async () => {
    const bot_id = await trading({ rsi: 1.5 }, [{ settings: { rsi: 2.5 } }]);
    expect(await driftOf(bot_id)).toHaveLength(1);
    await service.call('POST /snapshots', { body: { bot_id, config: { rsi: 2.5 }, active_from: at(-1) } });
    expect(await driftOf(bot_id)).toEqual([]);
  });

  test('shows its drift in the report', async () => {
    const bot_id = await trading({ rsi: 1.5 }, [{ settings: { rsi: 2.5 } }]);
    const date = at(0).slice(0, 10);
    for (const format of ['html', 'text'])
      expect((await service.call('GET /report', { query: { detail: 'full', bot_id, date, format } })).body).toContain(
        'The bot trades with settings other than its snapshot’s: /rsi is 1.5 in the snapshot and 2.5 in the bot (1 order).',
      );
  });

  test('sent again completes null fields, overwrites nothing, and returns the differences', async () => {
    const bot_id = await trading({ rsi: 1.5 }, [{}]);
    const link = async (body: object) =>
      (await service.call('POST /trade-links', { body: { bot_id, order_id: 'o0', ...body } })).body.results[0];
    expect(await link({ settings: { rsi: 2.5 } })).toMatchObject({ status: 'updated', conflicts: [] });
    expect(await link({ settings: { rsi: 3 } })).toMatchObject({
      status: 'unchanged',
      conflicts: [{ field: 'settings', stored: { rsi: 2.5 }, given: { rsi: 3 } }],
    });
  });

  test.each([
    [{ config_hash: 'ABC' }, 'config_hash'],
    [{ settings: [1] }, 'settings'],
    [{ settings: { long: 'x'.repeat(17_000) } }, 'settings'],
  ])('is rejected with the name of the invalid field: %j', async (link, field) => {
    const { status, body } = await service.call('POST /trade-links', { body: { order_id: 'o', ...link } });
    expect([status, body.rejected[0].reason]).toEqual([400, expect.stringContaining(field)]);
  });
});
