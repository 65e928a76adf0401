import { describe, expect, test, vi } from 'vitest';
import { startMailService } from '../../support/mail-service.ts';
import { expectAllocationsOf, inBatches, randomFrom, shuffled } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import type { SlowFill } from '../../support/slow-fifo.ts';

/** Limits on the fills that a call matches again, set low for this test: the real limits are tens of thousands. */
vi.mock('../../../functions/thresholds.ts', async (original) => {
  const actual = await original<typeof import('../../../functions/thresholds.ts')>();
  return { ...actual, thresholds: { ...actual.thresholds, match_at_once: 3, match_budget: 5 } };
});

const mail = await startMailService();
const service = await startService({ ses: mail.url });

const post = async (bot_id: string, fills: readonly object[]) => {
  const reply = await service.call('POST /fills', { body: fills.map((fill) => ({ bot_id, ...fill })) });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
};
const pending = (bot_id: string) =>
  service.sql('SELECT symbol FROM books WHERE bot_id = $1 AND pending_from IS NOT NULL', [bot_id]);

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

describe('matching that exceeds the budget of a call', () => {
  test.each([1, 2, 3, 4])(
    'is finished by the nightly run, seed %i, with the allocations of the reference FIFO',
    async (seed) => {
      const bot_id = `bot-${crypto.randomUUID()}`;
      const fills = history(seed);
      for (const batch of inBatches(shuffled(fills, randomFrom(seed)), 10)) await post(bot_id, batch);
      expect((await pending(bot_id)).length).toBeGreaterThan(0);
      expect((await service.call('GET /health/database')).body.pending_matches).toBeGreaterThan(0);
      // After this write the process remembers the state of another book, which must not pass for that of the pending ones.
      const another = { ...history(seed)[0], fill_id: 'another', order_id: 'another', symbol: 'C-USD' } as SlowFill;
      await post(bot_id, [another]);

      await service.fire('daily-summary', '2026-02-02T00:05:00Z');
      expect(await pending(bot_id)).toEqual([]);
      await expectAllocationsOf(service, bot_id, [...fills, another]);
    },
  );

  test('goes on from the earliest fill that it left pending, and not from the first of all', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const at = (minute: number, side: string) => ({
      ...history(1)[0],
      ...{ fill_id: `${minute}`, order_id: `${minute}`, symbol: 'A-USD', side, price: '1', size: '1' },
      filled_at: `2026-02-01T00:${minute}:00.000000Z`,
    });
    for (let minute = 10; minute < 40; minute++) await post(bot_id, [at(minute, minute % 2 ? 'sell' : 'buy')]);
    expect(await pending(bot_id)).toEqual([]);
    const late = { bot_id, ...at(30, 'sell'), fill_id: 'late', order_id: 'late' };
    // What waits is not yet known to be unmatched.
    expect((await service.call('POST /fills', { body: late })).body).toMatchObject({ accepted: 1, unmatched: [] });
    const [book] = await service.sql<{ from: string }>(
      "SELECT to_char(pending_from, 'HH24:MI') AS from FROM books WHERE bot_id = $1",
      [bot_id],
    );
    expect(book).toEqual({ from: '00:30' });
    await service.fire('daily-summary', '2026-02-02T00:05:00Z');
    expect(await pending(bot_id)).toEqual([]);
  });

  test('accepts further fills while it is pending, and the summary of the day finally includes all of them', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const fills = history(9);
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-02-01T00:00:00Z' } });
    for (const batch of inBatches(shuffled(fills, randomFrom(9)), 10)) await post(bot_id, batch);
    expect(await pending(bot_id)).toHaveLength(2);
    await service.fire('daily-summary', '2026-02-02T00:05:00Z');
    expect(await pending(bot_id)).toEqual([]);
    await expectAllocationsOf(service, bot_id, fills);

    const [day] = (await service.call('GET /summaries', { query: { bot_id } })).body.summaries;
    const [trades] = await service.sql<{ n: number }>('SELECT count(*)::integer AS n FROM trades WHERE bot_id = $1', [
      bot_id,
    ]);
    expect(day).toMatchObject({ total_trades: trades?.n, stale: false });
    expect(day.total_trades).toBeGreaterThan(5);
  });

  test('makes the next summary of any day recompute the days that it changed', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-02-01T00:00:00Z' } });
    const fills = history(9);
    for (const batch of inBatches(fills.toSorted(latestFirst).toReversed(), 5)) await post(bot_id, batch);
    await service.call('POST /summaries', { body: { bot_id, from: '2026-02-01' } });
    const early = { ...fills[0], fill_id: 'early', order_id: 'early', side: 'buy', filled_at: '2026-02-01T00:00:00Z' };
    await post(bot_id, [{ ...early, size: '100' }]);
    expect(await pending(bot_id)).toHaveLength(1);
    await service.call('POST /summaries', { body: { bot_id, from: '2026-02-02' } });
    const { summaries } = (await service.call('GET /summaries', { query: { bot_id } })).body;
    const statement = 'SELECT count(*)::integer AS total_trades FROM trades WHERE bot_id = $1';
    const [counted] = await service.sql<{ total_trades: number }>(statement, [bot_id]);
    expect(summaries).toMatchObject([
      { date: '2026-02-02', total_trades: 0 },
      { date: '2026-02-01', ...counted, stale: false },
    ]);
  });

  test.for<[what: string, make: (bot_id: string) => Promise<unknown>]>([
    ['a report', (bot_id) => service.call('GET /report', { query: { bot_id, date: '2026-02-01' } })],
    ['the daily report', () => service.fire('daily-report', '2026-02-02T07:00:00Z')],
    ['the weekly review', () => service.fire('weekly-review', '2026-02-02T07:00:00Z')],
    [
      'the report to recipients of its own',
      async (bot_id) => {
        const body = { recipients: ['ann@example.org'] };
        expect((await service.call('PUT /bots/{bot_id}', { path: { bot_id }, body })).status).toBe(200);
        await service.sql("UPDATE report_recipients SET since = '2026-01-01', set_at = '2026-01-01'");
        await service.fire('bot-reports', '2026-02-02T07:00:00Z');
      },
    ],
  ])('is finished before %s, which is about all trades', async ([, make]) => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const fills = history(5);
    for (const batch of inBatches(shuffled(fills, randomFrom(5)), 10)) await post(bot_id, batch);
    expect(await pending(bot_id)).toHaveLength(2);
    await make(bot_id);
    expect(await pending(bot_id)).toEqual([]);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test('stays pending when the nightly run fails, and is finished by the next run', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const fills = history(13);
    for (const batch of inBatches(shuffled(fills, randomFrom(13)), 10)) await post(bot_id, batch);
    await service.sql('ALTER FUNCTION write_matching RENAME TO write_matching_later');
    await expect(service.fire('daily-summary', '2026-02-02T00:05:00Z')).rejects.toThrow(bot_id);
    const [run] = await service.sql('SELECT error FROM summary_runs ORDER BY run_id DESC LIMIT 1');
    expect(run?.error).toContain('write_matching');
    expect(await pending(bot_id)).toHaveLength(2);
    await service.sql('ALTER FUNCTION write_matching_later RENAME TO write_matching');
    await service.fire('daily-summary', '2026-02-02T00:05:00Z');
    expect(await pending(bot_id)).toEqual([]);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test('reads pages under the lock when a statement is not enough and the fills are within the budget', async () => {
    const bot_id = `bot-${crypto.randomUUID()}`;
    const fills = history(11).slice(0, 8);
    for (const batch of inBatches(fills.toSorted(latestFirst), 1)) await post(bot_id, batch);
    expect(await pending(bot_id)).toEqual([]);
    await expectAllocationsOf(service, bot_id, fills);
  });
});

const latestFirst = (a: SlowFill, b: SlowFill) => (a.filled_at < b.filled_at ? 1 : -1);
