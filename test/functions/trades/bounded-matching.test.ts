import { beforeAll, describe, expect, test } from 'vitest';
import { expectAllocationsOf, inBatches, randomFrom, shuffled } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import type { SlowFill } from '../../support/slow-fifo.ts';

const service = await startService();
const BUDGET = 5;

/** A call matches a limited number of sells again, and later calls go on. Here at most 5, so that few fills show it. */
beforeAll(() =>
  service.sql(
    `CREATE OR REPLACE FUNCTION match_budget() RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT ${BUDGET}::numeric'`,
  ),
);

const post = async (bot_id: string, fills: readonly object[]) => {
  const reply = await service.call('POST /fills', { body: fills.map((fill) => ({ bot_id, ...fill })) });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
};
const pending = (bot_id: string) => service.sql('SELECT symbol FROM pending_matches WHERE bot_id = $1', [bot_id]);

function history(seed: number): SlowFill[] {
  const random = randomFrom(seed);
  return Array.from({ length: 70 }, (_, i): SlowFill => {
    const side = random(2) ? 'buy' : 'sell';
    return {
      fill_id: `f${i}`,
      order_id: `${side}${random(30)}-${i % 2}`,
      symbol: i % 2 ? 'A-USD' : 'B-USD',
      side,
      price: `${1 + random(9)}.5`,
      size: ['0.5', '1', '2', '4'][random(4)] as string,
      fee_usd: `0.${random(10)}`,
      filled_at: `2026-02-01T00:${String(random(60)).padStart(2, '0')}:00.000000Z`,
    };
  });
}

describe('matching that is longer than a call may take', () => {
  test.each([1, 2, 3, 4])(
    'is finished by the nightly run, seed %i, with the allocations of the slow FIFO',
    async (seed) => {
      const bot_id = `bot-${crypto.randomUUID()}`;
      const fills = history(seed);
      for (const batch of inBatches(shuffled(fills, randomFrom(seed)), 10)) await post(bot_id, batch);
      expect((await pending(bot_id)).length).toBeGreaterThan(0);
      expect((await service.call('GET /health/database')).body.pending_matches).toBeGreaterThan(0);

      await service.fire('daily-summary', '2026-02-02T00:05:00Z');
      expect(await pending(bot_id)).toEqual([]);
      await expectAllocationsOf(service, bot_id, fills);
    },
  );

  test('is finished by later calls, and its day is summarised from all of it', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const fills = history(9);
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-02-01T00:00:00Z' } });
    await post(bot_id, fills);
    for (let i = 0; i < 60 && (await pending(bot_id)).length > 0; i++) {
      const later = {
        fill_id: `later${i}`,
        order_id: `later${i}`,
        symbol: 'C-USD',
        side: 'buy' as const,
        price: '1',
        size: '1',
        filled_at: '2026-02-01T02:00:00.000000Z',
      };
      await post(bot_id, [later]);
      fills.push(later);
    }
    expect(await pending(bot_id)).toEqual([]);
    await expectAllocationsOf(service, bot_id, fills);

    await service.call('POST /summaries', { body: { bot_id, from: '2026-02-01' } });
    const [day] = (await service.call('GET /summaries', { query: { bot_id } })).body.summaries;
    const [trades] = await service.sql<{ n: number }>('SELECT count(*)::integer AS n FROM trades WHERE bot_id = $1', [
      bot_id,
    ]);
    expect(day).toMatchObject({ total_trades: trades?.n, stale: false });
    expect(day.total_trades).toBeGreaterThan(5);
  });
});
