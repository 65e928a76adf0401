import { describe, expect, onTestFinished, test } from 'vitest';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startService } from '../../support/service.ts';
import { configs } from './play.ts';

const { call, sql } = await startService();

let bots = 0;
/** A bot with active settings. */
async function bot(): Promise<string> {
  bots += 1;
  const bot_id = `bot-${bots}`;
  await call('POST /snapshots', {
    body: { bot_id, config: configs.baseline, notes: 'old', active_from: '2026-01-01T00:00:00Z' },
  });
  return bot_id;
}
const start = (bot_id: string, more: object = {}) =>
  call('POST /experiments', {
    body: { bot_id, design: 'switchback', candidate: { config: configs.candidate, notes: 'new' }, ...more },
  });
const hours = (from: string, until: string) => (Date.parse(until) - Date.parse(from)) / 3_600_000;

describe('starting an experiment', () => {
  test('draws a seed, plans blocks of a day from the next midnight on, and keeps both configurations', async () => {
    const bot_id = await bot();
    const { status, body } = await start(bot_id);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ bot_id, status: 'scheduled', imported: false, length: '1d', settle_days: 1 },
      ...{ baseline: { notes: 'old' }, candidate: { notes: 'new', snapshot_id: null } },
      verdict: { kind: 'not_enough_data', labels: [] },
    });
    expect(body.seed).toMatch(/^[0-9a-f]{32}$/);
    expect(body.pairs).toHaveLength(182);
    const tomorrow = dayAfter(new Date().toISOString().slice(0, 10));
    expect(body.pairs[0].blocks[0].from).toBe(`${tomorrow}T00:00:00Z`);
    for (const { blocks } of body.pairs) {
      expect(blocks.map(({ arm }: { arm: string }) => arm).sort()).toEqual(['baseline', 'candidate']);
      expect(blocks[0].until).toBe(blocks[1].from);
      expect(hours(blocks[0].from, blocks[1].until)).toBe(48);
    }
  });

  test('two at once draw different seeds', async () => {
    const [one, other] = await Promise.all([start(await bot()), start(await bot())]);
    expect(one?.body.seed).not.toBe(other?.body.seed);
  });

  test('sent again with its Idempotency-Key is the same experiment', async () => {
    const bot_id = await bot();
    const sending = {
      body: { bot_id, design: 'switchback', candidate: { config: configs.candidate } },
      headers: { 'idempotency-key': 'once' },
    };
    const first = await call('POST /experiments', sending);
    const second = await call('POST /experiments', sending);
    expect(second.body).toEqual(first.body);
    const other = { ...sending, body: { ...sending.body, length: '2d' } };
    expect((await call('POST /experiments', other)).status).toBe(422);
  });

  test('a bot has one running switchback', async () => {
    const bot_id = await bot();
    const { body } = await start(bot_id);
    expect(await start(bot_id, { candidate: { config: { rsi: 9 } } })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(body.experiment_id) },
    });
    const path = { experiment_id: body.experiment_id };
    await call('POST /experiments/{experiment_id}/stop', { path, body: {} });
    expect((await start(bot_id)).status).toBe(201);
  });

  test.each([
    ['the same configuration twice', { candidate: { config: configs.baseline } }, '/candidate'],
    ['no candidate', { candidate: null }, '/candidate'],
    ['a seed of the caller', { seed: 'ab'.repeat(16) }, '/seed'],
    ['a start in the past', { starts_on: '2026-02-01' }, '/starts_on'],
    ['an import without a seed', { imported: true, starts_on: '2026-02-01' }, '/seed'],
    ['a second bot of a switchback', { candidate_bot_id: 'other' }, '/candidate_bot_id'],
    ['a parallel test without a second bot', { design: 'parallel' }, '/candidate_bot_id'],
    ['voids without an import', { voids: [1] }, '/voids'],
    ['fewer days than a pair has', { most_days: 1 }, '/most_days'],
    ['an import of the future', { imported: true, seed: 'ab'.repeat(16), starts_on: '2031-02-01' }, '/starts_on'],
  ])('is refused with %s', async (_, more, path) => {
    const bot_id = await bot();
    const { status, body } = await start(bot_id, more);
    expect(status).toBe(400);
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await sql('SELECT FROM experiments WHERE bot_id = $1', [bot_id])).toHaveLength(0);
  });

  test('is refused with a parallel test of a bot against itself', async () => {
    const bot_id = await bot();
    const { status, body } = await start(bot_id, { design: 'parallel', candidate: null, candidate_bot_id: bot_id });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: '/candidate_bot_id', message: 'must be another bot than bot_id' }]);
  });

  test('secrets of the candidate are redacted', async () => {
    const { body } = await start(await bot(), { candidate: { config: { rsi: 1, exchange: { secret: 'hunter22' } } } });
    const rows = await sql<{ config: string }>(
      "SELECT config FROM experiment_arms WHERE experiment_id = $1 AND arm = 'candidate'",
      [body.experiment_id],
    );
    expect(rows[0]?.config).toBe('{"exchange":{"secret":"[redacted]"},"rsi":1}');
  });

  test('an unknown bot, snapshot or experiment is 404', async () => {
    expect((await start('nobody')).status).toBe(404);
    const parallel = { design: 'parallel', candidate_bot_id: 'ghost' };
    expect((await start(await bot(), parallel)).status).toBe(404);
    const path = { experiment_id: crypto.randomUUID() };
    expect((await call('GET /experiments/{experiment_id}', { path })).status).toBe(404);
    expect((await call('POST /experiments/{experiment_id}/pause', { path, body: {} })).status).toBe(404);
    expect((await start(await bot(), { baseline: crypto.randomUUID() })).status).toBe(404);
  });
});

test('a pause may be followed by one that voids the running pair', async () => {
  const bot_id = await bot();
  const { body } = await start(bot_id, {
    ...{
      imported: true,
      seed: 'ab'.repeat(16),
      starts_on: dayAfter(new Date().toISOString().slice(0, 10), -1),
      length: '7d',
    },
  });
  const path = { experiment_id: body.experiment_id };
  const pause = async (now: boolean) =>
    (await call('POST /experiments/{experiment_id}/pause', { path, body: { now } })).body;
  expect((await pause(false)).pairs).toMatchObject([{ pair: 1, void: null }]);
  expect((await pause(true)).pairs).toMatchObject([{ pair: 1, void: { reason: 'paused' } }]);
  expect((await pause(true)).events).toHaveLength(2);
});

test('of two changes at once, none is lost', async () => {
  for (let round = 0; round < 5; round++) {
    const { body } = await start(await bot());
    const path = { experiment_id: body.experiment_id };
    await Promise.all([
      call('POST /experiments/{experiment_id}/pause', { path, body: {} }),
      call('POST /experiments/{experiment_id}/stop', { path, body: {} }),
    ]);
    expect((await call('GET /experiments/{experiment_id}', { path })).body.status).toBe('stopped');
  }
});

describe('an assignment', () => {
  test('is the arm of the block, with the next one; before the start it is the active snapshot', async () => {
    const bot_id = await bot();
    const { body: experiment } = await start(bot_id, { length: '6h' });
    const at = (time: string) => call('GET /assignment', { query: { bot_id, at: time } });
    const [{ blocks }, next] = experiment.pairs;
    const before = await call('GET /assignment', { query: { bot_id } });
    const { experiment_id } = experiment;
    expect(before.body).toMatchObject({ experiment_id: null, config: configs.baseline, until: blocks[0].from });
    expect(before.body.next).toMatchObject({ experiment_id, pair: 1, arm: blocks[0].arm });
    for (const [i, block] of blocks.entries()) {
      const following = i === 0 ? blocks[1] : next.blocks[0];
      expect((await at(block.from)).body).toMatchObject({
        ...{ experiment_id, pair: 1, arm: block.arm },
        ...{ config: configs[block.arm as keyof typeof configs], from: block.from, until: block.until },
        next: { experiment_id, pair: i + 1, arm: following.arm, from: following.from },
      });
      // It may be kept until the block ends.
      const { headers } = await at(block.from);
      expect(headers['cache-control']).toMatch(/^private, max-age=\d+$/);
    }
  });

  test('during a pause is the baseline, and after a stop the active snapshot', async () => {
    const bot_id = await bot();
    const { body } = await start(bot_id, {
      ...{ length: '12h', starts_on: dayAfter(new Date().toISOString().slice(0, 10), 1) },
    });
    const path = { experiment_id: body.experiment_id };
    const later = body.pairs[2].blocks[0].from;
    await call('POST /experiments/{experiment_id}/pause', { path, body: { now: true, reason: 'holidays' } });
    const paused = await call('GET /assignment', { query: { bot_id, at: later } });
    expect(paused.body).toMatchObject({ arm: 'baseline', config: configs.baseline, pair: null, until: null });
    const { body: stopped } = await call('POST /experiments/{experiment_id}/stop', { path, body: { by: 'Ada' } });
    expect(stopped).toMatchObject({ status: 'stopped', events: [{ action: 'pause' }, { action: 'stop', by: 'Ada' }] });
    expect((await call('GET /assignment', { query: { bot_id, at: later } })).body.experiment_id).toBeNull();
    expect(await call('POST /experiments/{experiment_id}/resume', { path, body: {} })).toMatchObject({
      status: 409,
      body: { detail: `experiment ${path.experiment_id} has been stopped` },
    });
  });
});

test('a day begins at midnight of the trading time zone', async () => {
  await sql("SELECT set_trading_time_zone('Asia/Tokyo')");
  onTestFinished(async () => void (await sql("SELECT set_trading_time_zone('UTC')")));
  const past = { imported: true, seed: 'ab'.repeat(16), starts_on: '2026-01-01', length: '1d', most_days: 2 };
  const { body } = await start(await bot(), past);
  const [{ blocks }] = body.pairs;
  expect(blocks.map(({ from, until }: { from: string; until: string }) => [from, until])).toEqual([
    ['2025-12-31T15:00:00Z', '2026-01-01T15:00:00Z'],
    ['2026-01-01T15:00:00Z', '2026-01-02T15:00:00Z'],
  ]);
});

test('a plan is for blocks of the given length, or of the one that suits the history', async () => {
  const query = { bot_id: await bot() };
  const lengthOf = async (more: object) =>
    (await call('GET /experiments/plan', { query: { ...query, ...more } })).body.length;
  expect([await lengthOf({}), await lengthOf({ length: '4d' })]).toEqual(['1d', '4d']);
});

test('an experiment that has ended cannot be changed', async () => {
  const past = { imported: true, seed: 'ab'.repeat(16), starts_on: '2026-01-01', length: '1d', most_days: 10 };
  const { body } = await start(await bot(), past);
  const path = { experiment_id: body.experiment_id };
  expect(body.status).toBe('ended');
  expect(await call('POST /experiments/{experiment_id}/pause', { path, body: {} })).toMatchObject({
    status: 409,
    body: { detail: `experiment ${path.experiment_id} has ended` },
  });
});

test('an assignment of the past without an experiment is the settings of that time', async () => {
  const bot_id = await bot();
  await call('POST /snapshots', { body: { bot_id, config: { rsi: 3 }, active_from: '2026-02-01T00:00:00Z' } });
  const { body } = await call('GET /assignment', { query: { bot_id, at: '2026-01-15T00:00:00Z' } });
  expect(body).toMatchObject({ experiment_id: null, config: configs.baseline, until: null });
  expect((await call('GET /assignment', { query: { bot_id, at: '2025-01-15T00:00:00Z' } })).status).toBe(404);
});

test('a change of settings during an experiment is distinguished from an assigned one', async () => {
  const bot_id = await bot();
  const save = (config: object) => call('POST /snapshots', { body: { bot_id, config, notes: 'x' } });
  expect((await save(configs.candidate)).body.warnings).toEqual([
    expect.stringContaining('strategy experiment start --baseline'),
  ]);
  const { body } = await start(bot_id, { candidate: { config: { rsi: 7 } }, length: '4h' });
  await sql("UPDATE experiments SET starts_at = now() - interval '1 hour' WHERE experiment_id = $1", [
    body.experiment_id,
  ]);
  await sql(
    `UPDATE experiment_blocks SET starts_at = now() - interval '1 hour' WHERE experiment_id = $1 AND pair = 1 AND arm = $2`,
    [body.experiment_id, body.pairs[0].blocks[0].arm],
  );
  expect((await save({ rsi: 99 })).body.warnings).toEqual([expect.stringContaining('assigns other settings now')]);
});

test('a list has every experiment of a bot, by status', async () => {
  const bot_id = await bot();
  const { body } = await start(bot_id);
  const { experiment_id } = body;
  await call('POST /experiments/{experiment_id}/stop', { path: { experiment_id }, body: {} });
  const { body: second } = await start(bot_id);
  const list = async (query: object) =>
    (await call('GET /experiments', { query: { bot_id, ...query } })).body.experiments.map(
      (each: { experiment_id: string }) => each.experiment_id,
    );
  expect(await list({})).toEqual([second.experiment_id, experiment_id]);
  expect(await list({ status: 'stopped' })).toEqual([experiment_id]);
  expect(await list({ status: 'scheduled' })).toEqual([second.experiment_id]);
});
