import { expect } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';

/** A unique bot id. */
export const bot = () => `bot-${crypto.randomUUID()}`;

export const daysFromNow = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

/** Starts a service, with helpers that record trades and summarize days. */
export async function startSummarising() {
  const service = await startService();
  const summarise = (body: object) => service.call('POST /summaries', { body });
  const days = (bot_id: string, query = {}) => everyPage(service, 'GET /summaries', { bot_id, ...query }, 'summaries');
  const dayOf = async (bot_id: string, date: string) => (await days(bot_id, { from: date, to: date }))[0];

  async function snapshot(bot_id: string, active_from: string, more: object = {}): Promise<number> {
    const { status, body } = await service.call('POST /snapshots', {
      body: { bot_id, config: { active_from }, active_from, ...more },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.snapshot_id;
  }

  async function postFills(fills: readonly object[]): Promise<void> {
    const { status, body } = await service.call('POST /fills', { body: fills });
    expect({ status, rejected: body.rejected }).toEqual({ status: 200, rejected: [] });
  }

  return { service, summarise, days, dayOf, snapshot, postFills };
}

/** The fills of round trips with these P&Ls, bought for 1,000, each closed at its minute of the day. */
export function roundTrips(
  bot_id: string,
  date: string,
  pnl: readonly number[],
  { held = 600, from = 0, more = {} }: { held?: number; from?: number; more?: object } = {},
) {
  return pnl.flatMap((usd, i) => {
    const name = `${date}-${from + i}`;
    const closed = Date.parse(`${date}T10:00:00Z`) + (from + i) * 60_000;
    const leg = (side: string, price: number, at: number) => ({
      bot_id,
      fill_id: `${name}-${side}`,
      order_id: `${name}-${side}`,
      symbol: `${name}-USD`,
      side,
      price: String(price),
      size: '1',
      fee_usd: '0',
      filled_at: new Date(at).toISOString(),
      ...more,
    });
    return [leg('buy', 1000, closed - held * 1000), leg('sell', 1000 + usd, closed)];
  });
}
