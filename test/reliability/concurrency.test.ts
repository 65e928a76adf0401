import { describe, expect, test } from 'vitest';
import { expectAllocationsOf, randomFrom, shuffled } from '../support/matching.ts';
import { startService } from '../support/service.ts';
import { report } from './figures.ts';
import { historyOf } from './history.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { sizes } from './sizes.ts';
import { fillsIn, linksIn, rollBack, save, send, sendAll, summaries, type Write, writesOf } from './writes.ts';

const service = await startService();
const { call, sql } = service;
const bot = () => `bot-${crypto.randomUUID()}`;

/** Runs clients concurrently; each sends its own writes one after the other. */
async function atOnce(check: string, clients: readonly (readonly Write[])[]): Promise<void> {
  await Promise.all(clients.map((writes) => sendAll(call, writes)));
  report({ check, clients: clients.length, writes: clients.flat().length, lost: 0, doubled: 0 });
}

/** The sequence of active configurations, and which of them were rollbacks. */
const sequenceOf = (bot_id: string) =>
  sql<{ snapshot_id: string; config: object; rollback_of: string | null }>(
    `SELECT snapshot_id, config::jsonb, rollback_of
     FROM strategy_snapshots WHERE bot_id = $1 ORDER BY active_from`,
    [bot_id],
  );

/** Posts the same changes one by one to another bot, in the order in which they took effect. */
async function replayed(sequence: Awaited<ReturnType<typeof sequenceOf>>): Promise<string> {
  const bot_id = bot();
  const ids = new Map<string | null, string>();
  for (const { snapshot_id, config, rollback_of } of sequence) {
    const write =
      rollback_of === null ? save(bot_id, { config }) : rollBack(bot_id, { snapshot_id: ids.get(rollback_of) });
    ids.set(snapshot_id, (await send(call, write)).body.snapshot_id);
  }
  return bot_id;
}

describe.each(sizes.seeds)('concurrent clients (seed %i)', { timeout: sizes.timeout }, (seed) => {
  const random = randomFrom(seed);
  const history = historyOf(seed, sizes);

  test('that save 20 settings leave one active snapshot, no gap, and the same data as sequential saves', async () => {
    const bot_id = bot();
    const saves = Array.from({ length: sizes.saves }, () => [save(bot_id, { config: { n: random(20) } })]);
    await atOnce('Saves of 20 settings', saves);
    const sequence = await sequenceOf(bot_id);
    expect(await numbersOf(sql, await replayed(sequence))).toEqual(await numbersOf(sql, bot_id));
    // Every save returned a snapshot of its own settings, so each setting was active at least once.
    expect(new Set(sequence.map(({ config }) => JSON.stringify(config)))).toEqual(
      new Set(saves.flat().map(({ body }) => JSON.stringify((body as { config: object }).config))),
    );
    await expectInvariants(sql);
  });

  test('that save and roll back leave one active snapshot, and each rollback has the settings of its target', async () => {
    const bot_id = bot();
    await sendAll(call, [save(bot_id, { config: { n: -1 } }), save(bot_id, { config: { n: -2 } })]);
    const changes = Array.from({ length: sizes.saves }, (_, i) =>
      i % 2 === 0 ? save(bot_id, { config: { n: random(20) } }) : rollBack(bot_id),
    );
    await atOnce(
      'Rollbacks against saves',
      changes.map((change) => [change]),
    );
    const sequence = await sequenceOf(bot_id);
    const configs = new Map(sequence.map(({ snapshot_id, config }) => [snapshot_id, config]));
    for (const { rollback_of, config } of sequence)
      if (rollback_of !== null) expect(configs.get(rollback_of)).toEqual(config);
    expect(await numbersOf(sql, await replayed(sequence))).toEqual(await numbersOf(sql, bot_id));
    await expectInvariants(sql);
  });

  test('that post the same fills in different orders and batches make the same trades as one client', async () => {
    const [one, many] = [bot(), bot()];
    await sendAll(call, writesOf(one, history));
    await sendAll(
      call,
      history.snapshots.map((snapshot) => save(many, snapshot)),
    );
    await sendAll(call, linksIn(many, history.links, 500));
    const clients = Array.from({ length: sizes.clients }, () =>
      fillsIn(many, shuffled(history.fills, random), 5 + random(60)),
    );
    await atOnce('The same fills from every client', clients);
    await send(call, summaries(many, history));
    expect(await numbersOf(sql, many)).toEqual(await numbersOf(sql, one));
    await expectAllocationsOf(service, many, history.fills);
    await expectInvariants(sql);
  });

  test('that link, fill, rematch, save and summarize leave the same data as sequential ones', async () => {
    const [one, many] = [bot(), bot()];
    await sendAll(call, writesOf(one, history));
    // Newest first, since a symbol is rematched whenever an older fill arrives.
    const [first, ...later] = history.snapshots.map((snapshot) => save(many, snapshot));
    await sendAll(call, first ? [first] : []);
    await atOnce('Links, fills, matching and summaries', [
      later,
      ...Array.from({ length: 4 }, () => linksIn(many, shuffled(history.links, random), 10)),
      ...Array.from({ length: 3 }, () => fillsIn(many, history.fills.toReversed(), 20)),
      Array.from({ length: 10 }, () => summaries(many, history)),
    ]);
    await send(call, summaries(many, history));
    expect(await numbersOf(sql, many)).toEqual(await numbersOf(sql, one));
    await expectInvariants(sql);
  });

  test('that post fills and links of several bots in one request, in every order, never deadlock', async () => {
    const bots = [bot(), bot(), bot()];
    const batches = (own: readonly string[]): Write[] =>
      Array.from({ length: 10 }, (_, i) =>
        [
          { route: 'POST /fills', items: history.fills },
          { route: 'POST /trade-links', items: history.links },
        ].map(({ route, items }) => ({
          route,
          body: shuffled(own, random).flatMap((bot_id) => items.slice(i, i + 3).map((item) => ({ ...item, bot_id }))),
        })),
      ).flat();
    await atOnce(
      'Batches over several bots',
      Array.from({ length: 10 }, () => batches(bots)),
    );
    const [a, ...others] = await Promise.all(bots.map((bot_id) => numbersOf(sql, bot_id)));
    for (const other of others) expect(other).toEqual(a);
  });
});
