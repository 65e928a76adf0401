import { describe, expect, test } from 'vitest';
import { bot, startSaving } from './saving.ts';

const { service, save, current, list } = await startSaving();

describe('rolling back', () => {
  const rollBack = (body: object, headers = {}) => service.call('POST /snapshots/rollback', { body, headers });

  test('reactivates the previous configuration as a new snapshot, and returns it', async () => {
    const bot_id = bot();
    const first = (await save({ bot_id, config: { a: 1, tp_threshold: 2 } })).body;
    await save({ bot_id, config: { a: 2, tp_threshold: 2 } });
    const { status, body } = await rollBack({ bot_id, notes: 'back' });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      config: { a: 1, tp_threshold: 2 },
      config_hash: first.config_hash,
      rollback_of: first.snapshot_id,
      notes: 'back',
      changed: true,
      changes: [{ path: '/a', before: 2, after: 1 }],
    });
    expect(await list(bot_id)).toHaveLength(3);
    expect((await current(bot_id)).snapshot_id).toBe(body.snapshot_id);
    expect(await service.sql('SELECT tp_threshold FROM current_strategies WHERE bot_id = $1', [bot_id])).toEqual([
      { tp_threshold: '2' },
    ]);
  });

  test('again while the active snapshot is itself a rollback changes nothing', async () => {
    const bot_id = bot();
    for (const a of [1, 2]) await save({ bot_id, config: { a } });
    const { body } = await rollBack({ bot_id });
    expect(await rollBack({ bot_id })).toMatchObject({
      status: 200,
      body: { snapshot_id: body.snapshot_id, changed: false, config: { a: 1 } },
    });
    expect(await list(bot_id)).toHaveLength(3);
  });

  test('goes to the requested snapshot', async () => {
    const bot_id = bot();
    const ids = [];
    for (const a of [1, 2, 3]) ids.push((await save({ bot_id, config: { a } })).body.snapshot_id);
    expect(await rollBack({ bot_id, snapshot_id: ids[0] })).toMatchObject({
      status: 201,
      body: { config: { a: 1 }, rollback_of: ids[0] },
    });
    expect(await rollBack({ bot_id, snapshot_id: ids[1] })).toMatchObject({
      status: 201,
      body: { config: { a: 2 }, rollback_of: ids[1] },
    });
    expect(await rollBack({ bot_id, snapshot_id: ids[1] })).toMatchObject({ status: 200, body: { changed: false } });
  });

  test('is a 404 when there is no previous snapshot, none at all, or it belongs to another bot', async () => {
    const [bot_id, other] = [bot(), bot()];
    expect((await rollBack({ bot_id })).status).toBe(404);
    const { body } = await save({ bot_id, config: { a: 1 } });
    expect((await rollBack({ bot_id })).status).toBe(404);
    await save({ bot_id: other, config: { a: 2 } });
    expect((await rollBack({ bot_id: other, snapshot_id: body.snapshot_id })).status).toBe(404);
    expect((await rollBack({ bot_id, snapshot_id: '00000000-0000-4000-8000-000000000000' })).status).toBe(404);
    expect(await list(other)).toHaveLength(1);
  });

  test('repeated late with the same key gets the first response', async () => {
    const bot_id = bot();
    for (const a of [1, 2]) await save({ bot_id, config: { a } });
    const headers = { 'idempotency-key': 'back-1' };
    const first = await rollBack({ bot_id }, headers);
    await save({ bot_id, config: { a: 9 } });
    expect(await rollBack({ bot_id }, headers)).toEqual(first);
    expect((await current(bot_id)).config).toEqual({ a: 9 });
  });
});

describe('an Idempotency-Key', () => {
  test('repeated after other writes gets the first response and changes nothing', async () => {
    const bot_id = bot();
    const headers = { 'idempotency-key': 'one' };
    await save({ bot_id, config: { a: 0 } });
    const first = await save({ bot_id, config: { a: 1, b: 1 }, notes: 'n' }, headers);
    await save({ bot_id, config: { a: 2 } });
    const before = await list(bot_id);

    expect(await save({ bot_id, config: { a: 1, b: 1 }, notes: 'n' }, headers)).toEqual(first);
    expect(first).toMatchObject({
      status: 201,
      body: {
        changed: true,
        active_until: null,
        warnings: [expect.stringContaining('2 settings'), expect.stringContaining('experiment start')],
      },
    });
    expect(await list(bot_id)).toEqual(before);
  });

  test('of a request that changed nothing is stored too', async () => {
    const bot_id = bot();
    const headers = { 'idempotency-key': 'same' };
    await save({ bot_id, config: { a: 1 } });
    const first = await save({ bot_id, config: { a: 1 } }, headers);
    await save({ bot_id, config: { a: 2 } });
    expect(await save({ bot_id, config: { a: 1 } }, headers)).toEqual(first);
    expect((await current(bot_id)).config).toEqual({ a: 2 });
  });

  test('used for a different body is a 422 and changes nothing', async () => {
    const bot_id = bot();
    const headers = { 'idempotency-key': 'two' };
    await save({ bot_id, config: { a: 1 } }, headers);
    expect((await save({ bot_id, config: { a: 2 } }, headers)).status).toBe(422);
    expect(await list(bot_id)).toHaveLength(1);
  });

  test('is separate for each bot, and for saves and rollbacks', async () => {
    const [bot_id, other] = [bot(), bot()];
    const headers = { 'idempotency-key': 'three' };
    await save({ bot_id, config: { a: 1 } });
    expect((await save({ bot_id, config: { a: 2 } }, headers)).status).toBe(201);
    expect((await save({ bot_id: other, config: { a: 3 } }, headers)).status).toBe(201);
    expect((await service.call('POST /snapshots/rollback', { body: { bot_id }, headers })).status).toBe(201);
  });

  test('expires after 7 days', async () => {
    const bot_id = bot();
    const headers = { 'idempotency-key': 'old' };
    await save({ bot_id, config: { a: 1 } }, headers);
    await service.sql(
      "UPDATE snapshot_answers SET answered_at = now() - interval '6 days 23 hours' WHERE bot_id = $1",
      [bot_id],
    );
    expect((await save({ bot_id, config: { a: 2 } }, headers)).status).toBe(422);
    await service.sql(
      "UPDATE snapshot_answers SET answered_at = now() - interval '7 days 1 minute' WHERE bot_id = $1",
      [bot_id],
    );
    expect((await save({ bot_id, config: { a: 2 } }, headers)).status).toBe(201);
  });

  test.each(['', 'x'.repeat(201)])('of an invalid length (%#) is a 400 that names the header', async (key) => {
    const { status, body } = await save({ bot_id: bot(), config: {} }, { 'idempotency-key': key });
    expect({ status, path: body.errors[0].path }).toEqual({ status: 400, path: 'Idempotency-Key' });
  });
});
