import { describe, expect, test } from 'vitest';
import { randomFrom } from '../support/matching.ts';
import { startService } from '../support/service.ts';
import { report } from './figures.ts';
import { historyOf } from './history.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { sizes } from './sizes.ts';
import { rollBack, save, send, sendAll, summaries, type Write, writesOf } from './writes.ts';

const service = await startService();
const { call, sql } = service;
const bot = () => `bot-${crypto.randomUUID()}`;
const active = async (bot_id: string) =>
  (await call('GET /snapshots/current', { query: { bot_id } })).body.snapshot_id as string;
/** Moves all stored times an hour into the past. */
const anHourPasses = () => sql("UPDATE snapshot_answers SET answered_at = answered_at - interval '1 hour'");

/** All kinds of writes: a history, then settings that are changed and reverted. */
const everyWrite = (bot_id: string, seed: number): Write[] => [
  ...writesOf(bot_id, historyOf(seed, sizes)),
  save(bot_id, { config: { rsi: 'A' }, notes: 'A' }),
  save(bot_id, { config: { rsi: 'B' } }),
  rollBack(bot_id),
  save(bot_id, { config: { rsi: 'C' } }),
  rollBack(bot_id, { notes: 'back again' }),
];

/** Whether a response says that nothing was new. */
const nothingNew = ({ accepted = 0, updated = 0, created = 0 }: Record<string, number>) =>
  accepted + updated + created === 0;

test.each(sizes.seeds)(
  'every write, repeated at once and an hour later with others between, changes no number (seed %i)',
  async (seed) => {
    const [once, often] = [bot(), bot()];
    await sendAll(call, everyWrite(once, seed));

    const random = randomFrom(seed);
    const sent: Write[] = [];
    let repeats = 0;
    const again = async (write: Write | undefined, first?: unknown) => {
      if (!write) return;
      const before = sent.length > 0 ? await active(often) : null;
      const { body } = await send(call, write);
      if (before !== null) expect(await active(often), `${write.route} sent again`).toBe(before);
      if (/snapshots/.test(write.route) && first) expect(body).toEqual(first);
      expect(nothingNew(body), `${write.route} sent again`).toBe(true);
      repeats += 1;
    };
    for (const write of everyWrite(often, seed)) {
      const { body } = await send(call, write);
      sent.push(write);
      await again(write, body);
      await again(sent[random(sent.length)]);
    }
    await anHourPasses();
    for (const write of sent) await again(write);
    for (const write of sent.toReversed()) await again(write);

    // A repeat may mark a day; recomputing it gives the same numbers.
    for (const bot_id of [once, often]) await send(call, summaries(bot_id, historyOf(seed, sizes)));
    expect(await numbersOf(sql, often)).toEqual(await numbersOf(sql, once));
    report({ check: 'Repeats of every write', writes: repeats, lost: 0, doubled: 0 });
  },
);

describe('a repeat with its key, however late, never reactivates old settings', () => {
  test('of a save', async () => {
    const bot_id = bot();
    const [a, b] = [save(bot_id, { config: { n: 'A' } }), save(bot_id, { config: { n: 'B' } })];
    const first = await send(call, a);
    await send(call, b);
    await anHourPasses();
    expect(await send(call, a)).toEqual(first);
    expect((await call('GET /snapshots/current', { query: { bot_id } })).body.config).toEqual({ n: 'B' });
  });

  test('of a rollback', async () => {
    const bot_id = bot();
    await sendAll(call, [save(bot_id, { config: { n: 'A' } }), save(bot_id, { config: { n: 'B' } })]);
    const back = rollBack(bot_id);
    const first = await send(call, back);
    expect(first.body.config).toEqual({ n: 'A' });
    await send(call, save(bot_id, { config: { n: 'C' } }));
    await anHourPasses();
    expect(await send(call, back)).toEqual(first);
    expect((await call('GET /snapshots/current', { query: { bot_id } })).body.config).toEqual({ n: 'C' });
  });

  test('even if five repeats and a new save arrive together', async () => {
    const bot_id = bot();
    const [a, b, c] = ['A', 'B', 'C'].map((n) => save(bot_id, { config: { n } }));
    if (!a || !b || !c) throw new Error('expected three writes');
    await sendAll(call, [a, b]);
    const replies = await Promise.all([a, a, c, a, a, a].map((write) => send(call, write)));
    expect(new Set(replies.filter((_, i) => i !== 2).map(({ body }) => body.snapshot_id)).size).toBe(1);
    expect((await call('GET /snapshots/current', { query: { bot_id } })).body.config).toEqual({ n: 'C' });
  });
});

test('afterwards the database is consistent', () => expectInvariants(sql));
