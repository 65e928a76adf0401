import { expect, test } from 'vitest';
import { dayAfter } from '../../functions/summaries/days.ts';
import { randomFrom, shuffled } from '../support/matching.ts';
import { startService } from '../support/service.ts';
import { report } from './figures.ts';
import { historyOf } from './history.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { sizes } from './sizes.ts';
import { fillsIn, linksIn, save, sendAll, writesOf } from './writes.ts';

const service = await startService();
const { call, fire, sql } = service;
const history = historyOf(sizes.seeds[0] ?? 1, sizes);
const night = (day: string) => `${dayAfter(day)}T00:05:00Z`;
const lastNight = night(history.to);

/** A reference bot that posted its history once, and whose days were computed afterwards. */
async function undisturbed(): Promise<string> {
  await sendAll(call, writesOf('undisturbed', history));
  return 'undisturbed';
}

const daysOf = async (bot_id: string) => (await numbersOf(sql, bot_id, history.to)).strategy_performance_summary;

test('nightly runs, two at a time, while fills, links and settings arrive leave the same data as one undisturbed run', async () => {
  const one = await undisturbed();
  const random = randomFrom(7);
  const [first, ...later] = history.snapshots.map((snapshot) => save('busy', snapshot));
  await sendAll(call, first ? [first] : []);
  const clients = [
    later,
    linksIn('busy', shuffled(history.links, random), 10),
    fillsIn('busy', shuffled(history.fills, random), 10),
    fillsIn('busy', shuffled(history.fills, random), 15),
  ];
  let done = false;
  const nights = async () => {
    let runs = 0;
    for (; !done; runs++) await fire('daily-summary', lastNight);
    return runs;
  };
  const running = [nights(), nights()];
  await Promise.all(clients.map((writes) => sendAll(call, writes)));
  done = true;
  const runs = (await Promise.all(running)).reduce((a, b) => a + b);
  report({
    check: 'Nights against ingest',
    clients: clients.length + 2,
    writes: clients.flat().length + runs,
    lost: 0,
  });

  await fire('daily-summary', lastNight);
  const { marked_days, ...numbers } = await numbersOf(sql, 'busy');
  expect(marked_days).toEqual([]);
  expect(numbers).toEqual({ ...(await numbersOf(sql, one)), marked_days: undefined });
  await expectInvariants(sql);
});

test('fills that arrive after their nightly run, in any order, are in their own day after the next run', async () => {
  const random = randomFrom(8);
  await sendAll(
    call,
    history.snapshots.map((snapshot) => save('late', snapshot)),
  );
  await sendAll(call, linksIn('late', history.links, 100));
  for (const batch of fillsIn('late', shuffled(history.fills, random), 40)) {
    await sendAll(call, [batch]);
    await fire('daily-summary', lastNight);
    await expectInvariants(sql);
  }
  expect(await daysOf('late')).toEqual(await daysOf('undisturbed'));
});

test('the next nightly run catches up on missed ones', async () => {
  await sendAll(call, writesOf('missed', history).slice(0, -1));
  const later = dayAfter(history.to, 3);
  await fire('daily-summary', night(later));
  expect(await daysOf('missed')).toEqual(await daysOf('undisturbed'));
  const [days] = await sql<{ days: number; last: string }>(
    "SELECT count(DISTINCT date)::integer AS days, max(date)::text AS last FROM strategy_performance_summary WHERE bot_id = 'missed'",
  );
  expect(days?.last).toBe(later);
});

test('a bot that fails in the night is given up alone, and the next run finishes it', async () => {
  const before = await sql<{ date: string }>('SELECT max(date)::text AS date FROM strategy_performance_summary');
  const next = dayAfter(before[0]?.date ?? '');
  await sendAll(call, writesOf('was broken', history).slice(0, -1));
  await sql(`CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$`);
  await sql(`CREATE TRIGGER breaks BEFORE INSERT ON strategy_performance_summary
             FOR EACH ROW WHEN (new.bot_id = 'was broken') EXECUTE FUNCTION breaks()`);
  await expect(fire('daily-summary', night(next))).rejects.toThrow('"bot_id":"was broken"');
  expect(await daysOf('was broken')).toEqual([]);
  const runs = () =>
    sql("SELECT outcome, error FROM summary_runs WHERE trigger = 'schedule' AND to_date = $1 ORDER BY run_id", [next]);
  const failed = { outcome: 'failed', error: expect.stringMatching(/^was broken: .*broken/) };
  expect(await runs()).toEqual([failed]);
  expect((await sql('SELECT max(date)::text AS date FROM strategy_performance_summary'))[0]).toEqual({ date: next });

  await sql('DROP TRIGGER breaks ON strategy_performance_summary');
  await fire('daily-summary', night(next));
  expect(await runs()).toEqual([failed, { outcome: 'succeeded', error: null }]);
  expect(await daysOf('was broken')).toEqual(await daysOf('undisturbed'));
  await expectInvariants(sql);
});
