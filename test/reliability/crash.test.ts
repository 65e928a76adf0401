import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPGlite } from '@strategy-snapshots/rds-data-local';
import { afterAll, expect, test } from 'vitest';
import { PGLITE_EXTENSIONS } from '../../local/database.ts';
import { initialiseDataDirectory } from '../../packages/rds-data-local/test/support/initialised.ts';
import { type StartProcess, startProcess } from '../local/start-process.ts';
import { randomFrom } from '../support/matching.ts';
import type { Service } from '../support/service.ts';
import { acknowledgedBy, callOf, duplicatesOf } from './acknowledged.ts';
import { report } from './figures.ts';
import { historyOf } from './history.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { sizes } from './sizes.ts';
import { sendAll, type Write, writesOf } from './writes.ts';

const DATA_DIR = await initialiseDataDirectory(await mkdtemp(join(tmpdir(), 'crashes-')));
const started: StartProcess[] = [];
const start = (): StartProcess => {
  const process = startProcess({ DATA_DIR });
  started.push(process);
  return process;
};
afterAll(async () => {
  for (const each of started) each.killGroup('SIGKILL');
  for (const each of started) await each.ended;
  await rm(DATA_DIR, { recursive: true, force: true });
});

const random = randomFrom(sizes.seeds[0] ?? 1);
const histories = Array.from({ length: sizes.crashes }, (_, i) => historyOf(100 + i, { days: 3, ordersADay: 20 }));
const bots = histories.map((_, i) => [`crashed ${i}`, `crashed as well ${i}`]);

test(
  `killed at any moment of ${sizes.crashes}, it loses nothing that it acknowledged, and doubles nothing`,
  async () => {
    let writes = 0;
    let acknowledged = 0;
    let server = start();
    for (const [i, history] of histories.entries()) {
      const { api } = await server.ready;
      const clients = (bots[i] ?? []).map((bot_id) => writesOf(bot_id, history, 7));
      const firsts = clients.flatMap(([first]) => first ?? []);
      await sendAll(callOf(api), firsts);
      const sent = clients.map(([, ...others]) => acknowledgedBy(callOf(api), others));
      await sleep(20 + random(450));
      // Kills the whole process group, or only the parent, after which the database process exits on its own.
      if (random(3) > 0) server.killGroup('SIGKILL');
      else server.kill('SIGKILL');
      const kept: Write[] = [...firsts, ...(await Promise.all(sent)).flat()];
      await server.ended;

      server = start();
      const call = callOf((await server.ready).api);
      for (const write of kept) expect(await duplicatesOf(call, write), `${write.route} was acknowledged`).toBe('all');
      // Sends all writes again, acknowledged or not.
      for (const each of clients) await sendAll(call, each);
      writes += clients.flat().length * 2;
      acknowledged += kept.length;
    }
    expect(acknowledged).toBeGreaterThan(0);
    report({ check: 'kill -9 of the local server', clients: 2, writes, crashes: sizes.crashes, lost: 0, doubled: 0 });

    const call = callOf((await server.ready).api);
    for (const [i, history] of histories.entries()) await sendAll(call, writesOf(`undisturbed ${i}`, history));
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  },
  sizes.crashes * 60_000,
);

test('the final numbers equal those of an undisturbed run', async () => {
  const { connect, close } = await openPGlite({
    dataDir: join(DATA_DIR, 'postgres'),
    extensions: PGLITE_EXTENSIONS,
  });
  const client = await connect();
  const sql: Service['sql'] = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await client.query(text, [...values])).rows as Row[];
  try {
    for (const [i, crashed] of bots.entries()) {
      const undisturbed = await numbersOf(sql, `undisturbed ${i}`);
      for (const bot_id of crashed) expect(await numbersOf(sql, bot_id)).toEqual(undisturbed);
    }
    await expectInvariants(sql);
  } finally {
    client.release();
    await close();
  }
});
