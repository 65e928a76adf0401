import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { maySetUpDisks, smallDisk } from '../../packages/rds-data-local/test/support/small-disk.ts';
import { startProcess } from '../local/start-process.ts';
import { callOf } from './acknowledged.ts';
import { report } from './figures.ts';
import { sizes } from './sizes.ts';

const MB = 1024 * 1024;
const CLIENTS = 3;
const FILLS = 20;
/** Between two faults, in seconds. The database is replaced five times a minute at most. */
const BETWEEN_FAULTS = Math.min(30, sizes.soak / 4);

const disk = maySetUpDisks() ? smallDisk(2000 * MB) : null;
const DATA_DIR = disk ? join(disk.directory, 'data') : mkdtempSync(join(tmpdir(), 'soak-'));
const server = startProcess({ DATA_DIR });
afterAll(async () => {
  server.killGroup('SIGKILL');
  await server.ended;
  if (disk) disk.unmount();
  else rmSync(DATA_DIR, { recursive: true, force: true });
});

interface Sample {
  /** In MB: of the server, and of its database. */
  readonly memory: number;
  readonly ofDatabase: number;
  /** Open files and connections of the server. */
  readonly descriptors: number;
}

const memoryOf = (id: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;

function sample(): Sample | null {
  try {
    const [database] = server.databases();
    return {
      memory: memoryOf(server.id),
      ofDatabase: database === undefined ? 0 : memoryOf(database),
      descriptors: readdirSync(`/proc/${server.id}/fd`).length,
    };
  } catch {
    // A process ended while it was looked at.
    return null;
  }
}

/** The fills of a batch of a bot: ten trades. */
const batchOf = (bot_id: string, batch: number): object[] =>
  Array.from({ length: FILLS }, (_, i) => ({
    bot_id,
    fill_id: `${batch}-${i}`,
    order_id: `${batch}-${i}`,
    symbol: 'BTC-USD',
    side: i % 2 === 0 ? 'buy' : 'sell',
    price: String(100 + (i % 7)),
    size: '1',
    fee_usd: '0.01',
    filled_at: new Date(Date.parse('2026-01-01T00:00:00Z') + (batch * FILLS + i) * 1000).toISOString(),
  }));

const highest = (samples: readonly Sample[], of: (each: Sample) => number): number => Math.max(...samples.map(of));

test.skipIf(process.platform !== 'linux')(
  `under load and faults for ${sizes.soak} s it loses nothing, and needs no more memory and descriptors at the end${disk ? '' : ' (the disk is not filled: that needs root)'} (needs /proc)`,
  async () => {
    const call = callOf((await server.ready).api);
    let isOver = false;
    let writes = 0;
    let faults = 0;
    /** Repeats a write, as a bot does, until it is acknowledged. */
    const acknowledged = async (route: string, body: object): Promise<void> => {
      for (;;) {
        writes += 1;
        const status = await call(route, { body }).then(
          (reply) => reply.status,
          () => 503,
        );
        if (status < 300) return;
        if (status !== 503) throw new Error(`${route} answered ${status}`);
        await sleep(200);
      }
    };
    const client = async (bot_id: string): Promise<number> => {
      await acknowledged('POST /snapshots', { bot_id, config: { rsi: 1 }, active_from: '2026-01-01T00:00:00Z' });
      for (let batch = 0; ; batch++) {
        if (isOver) return batch;
        await acknowledged('POST /fills', batchOf(bot_id, batch));
        await acknowledged('POST /trade-links', { bot_id, order_id: `${batch}-0`, signal_data: { trigger: 'soak' } });
        if (batch % 20 === 0) {
          await acknowledged('POST /summaries', { bot_id, from: '2026-01-01' });
          for (const path of ['comparison', 'trades', 'bots'])
            await call(`GET /${path}?${new URLSearchParams(path === 'bots' ? {} : { bot_id })}`).catch(() => null);
        }
        await sleep(50);
      }
    };
    const disturb = async (): Promise<void> => {
      for (let fault = 0; ; fault++) {
        for (let waited = 0; waited < BETWEEN_FAULTS && !isOver; waited++) await sleep(1000);
        if (isOver) return;
        faults += 1;
        if (disk && fault % 2 === 1) {
          disk.fillTo(8 * MB);
          await sleep(3000);
          disk.empty();
        } else server.killDatabase();
      }
    };
    const samples: Sample[] = [];
    const watch = async (): Promise<void> => {
      const ends = performance.now() + sizes.soak * 1000;
      while (performance.now() < ends) {
        const taken = sample();
        if (taken) samples.push(taken);
        await sleep(1000);
      }
      isOver = true;
    };
    const bots = Array.from({ length: CLIENTS }, (_, i) => `soaked ${i}`);
    const [, , ...batches] = await Promise.all([watch(), disturb(), ...bots.map(client)]);

    for (const [i, bot_id] of bots.entries())
      for (let batch = 0; batch < (batches[i] ?? 0); batch++)
        expect((await call('POST /fills', { body: batchOf(bot_id, batch) })).body).toMatchObject({
          accepted: 0,
          duplicates: FILLS,
        });
    expect(faults).toBeGreaterThan(0);

    // The first quarter warms up.
    const quarter = Math.floor(samples.length / 4);
    const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
    const figures = (each: readonly Sample[]) => ({
      memory: Math.round(highest(each, ({ memory }) => memory)),
      ofDatabase: Math.round(highest(each, ({ ofDatabase }) => ofDatabase)),
      descriptors: highest(each, ({ descriptors }) => descriptors),
    });
    const [before, after] = [figures(early), figures(late)];
    const grown = `memory ${before.memory} to ${after.memory} MB, of the database ${before.ofDatabase} to ${after.ofDatabase} MB, descriptors ${before.descriptors} to ${after.descriptors}`;
    expect(after.memory, grown).toBeLessThan(1.5 * before.memory + 50);
    expect(after.ofDatabase, grown).toBeLessThan(1.5 * before.ofDatabase + 100);
    expect(after.descriptors, grown).toBeLessThan(before.descriptors + 20);
    report({ check: `Soak of ${sizes.soak} s: ${grown}`, clients: CLIENTS, writes, faults, lost: 0, doubled: 0 });

    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  },
  sizes.soak * 2000 + 300_000,
);
