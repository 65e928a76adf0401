import { expect } from 'vitest';
import { startService } from '../../support/service.ts';

/** A unique bot id. */
export const bot = () => `bot-${crypto.randomUUID()}`;

/** An instant, by minute, on the day of the tests. */
export const at = (minute: number) =>
  new Date(Date.UTC(2026, 1, 3) + minute * 60_000).toISOString().replace('.000', '');

/** Starts a service, with helpers that record fills and links. */
export async function startLinking() {
  const service = await startService();
  const post = (body: unknown) => service.call('POST /trade-links', { body });
  const linkOf = (bot_id: string, order_id: string) =>
    service.call('GET /trade-links/{order_id}', { path: { order_id }, query: { bot_id } });

  async function snapshot(bot_id: string, minute: number): Promise<number> {
    const { status, body } = await service.call('POST /snapshots', {
      body: { bot_id, config: { minute }, active_from: at(minute) },
    });
    expect(status).toBe(201);
    return body.snapshot_id;
  }

  async function fill(bot_id: string, order_id: string, minute: number, more: object = {}): Promise<void> {
    const body = {
      bot_id,
      fill_id: `${order_id}-${minute}`,
      order_id,
      symbol: 'A-USD',
      side: 'buy',
      price: '1',
      size: '1',
      filled_at: at(minute),
      ...more,
    };
    expect((await service.call('POST /fills', { body })).status).toBe(200);
  }

  const orderOf = async (bot_id: string, order_id: string) =>
    (
      await service.sql('SELECT attribution, snapshot_id FROM orders WHERE bot_id = $1 AND order_id = $2', [
        bot_id,
        order_id,
      ])
    )[0];

  return { service, post, linkOf, snapshot, fill, orderOf };
}
