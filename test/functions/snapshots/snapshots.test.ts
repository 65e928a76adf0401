import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { at, bot, startSaving } from './saving.ts';

const { service, save, current, list } = await startSaving();

const ahead = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** The warning of every change of settings. */
const FAIR_TEST = expect.stringContaining('A fair test alternates both: strategy experiment start --baseline');

describe('saving a snapshot', () => {
  test('the same configuration posted twice is one snapshot', async () => {
    const bot_id = bot();
    const first = await save({ bot_id, config: { rsi: 2.5 } });
    const second = await save({ bot_id, config: { rsi: 2.5 } });

    expect(first.status).toBe(201);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ snapshot_id: first.body.snapshot_id, changed: false, changes: [] });
    expect(await list(bot_id)).toHaveLength(1);
  });

  test('A, B, A is three snapshots and two hashes', async () => {
    const bot_id = bot();
    for (const rsi of [1, 2, 1]) expect((await save({ bot_id, config: { rsi } })).status).toBe(201);
    const snapshots = await list(bot_id);

    expect(snapshots).toHaveLength(3);
    expect(new Set(snapshots.map(({ config_hash }: { config_hash: string }) => config_hash)).size).toBe(2);
  });

  test('the next snapshot ends the previous one at the microsecond of its own start', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { rsi: 1 } });
    const { body } = await save({ bot_id, config: { rsi: 2 }, notes: 'why', created_by: 'somebody' });
    const [latest, before] = await list(bot_id);

    expect(latest).toMatchObject({
      snapshot_id: body.snapshot_id,
      active_until: null,
      notes: 'why',
      created_by: 'somebody',
      rollback_of: null,
    });
    expect(before.active_until).toBe(latest.active_from);
    expect(before.active_from < before.active_until).toBe(true);
  });

  test('many concurrent saves leave one active snapshot and no gap', async () => {
    const bot_id = bot();
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => save({ bot_id, config: { i } })));
    expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(201));

    const snapshots = await list(bot_id);
    expect(snapshots.map(({ active_until }: { active_until: string | null }) => active_until)).toEqual([
      null,
      ...snapshots.slice(0, -1).map(({ active_from }: { active_from: string }) => active_from),
    ]);
  });

  test('returns the snapshot at the top level, and its changes', async () => {
    const bot_id = bot();
    const first = await save({ bot_id, config: { rsi: 2.5, weights: { roc: 1 } }, notes: 'Baseline' });
    expect(first.body).toMatchObject({ bot_id, active_until: null, changed: true, changes: [], warnings: [] });
    expect(first.body).not.toHaveProperty('config');

    const { body } = await save({ bot_id, config: { rsi: 1.5, weights: { roc: 1 } }, notes: 'RSI weight 1.5' });
    expect(body).toMatchObject({
      changed: true,
      changes: [{ path: '/rsi', before: 2.5, after: 1.5 }],
      warnings: [FAIR_TEST],
    });
  });

  test('warns when more than one setting changed', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1, b: 1 } });
    const { body } = await save({ bot_id, config: { a: 2, b: 2 }, notes: 'Both' });
    expect(body.changes).toHaveLength(2);
    expect(body.warnings).toEqual([expect.stringContaining('2 settings changed at once'), FAIR_TEST]);
  });

  test('warns while a snapshot has no notes', async () => {
    const bot_id = bot();
    const warning = [expect.stringContaining('no notes')];
    expect((await save({ bot_id, config: { a: 1 } })).body.warnings).toEqual(warning);
    expect((await save({ bot_id, config: { a: 1 } })).body.warnings).toEqual(warning);
    expect((await save({ bot_id, config: { a: 1 }, notes: 'Why' })).body.warnings).toEqual([]);
  });

  test('fills in notes that were null, keeps others and warns that they differ', async () => {
    const bot_id = bot();
    await save({ bot_id, config: {} });
    expect((await save({ bot_id, config: {}, notes: 'first' })).body).toMatchObject({
      changed: false,
      notes: 'first',
      warnings: [],
    });
    expect((await save({ bot_id, config: {}, notes: 'first' })).body.warnings).toEqual([]);

    const other = await save({ bot_id, config: {}, notes: 'second' });
    expect(other.body.notes).toBe('first');
    expect(other.body.warnings).toEqual([expect.stringContaining('notes')]);
    expect((await current(bot_id)).notes).toBe('first');
  });

  test('bots are independent of each other', async () => {
    const [one, other] = [bot(), bot()];
    const first = await save({ bot_id: one, config: { a: 1 } });
    expect((await save({ bot_id: other, config: { a: 1 } })).status).toBe(201);
    await save({ bot_id: other, config: { a: 2 } });
    expect((await current(one)).snapshot_id).toBe(first.body.snapshot_id);
    expect(await list(other)).toHaveLength(2);
  });

  test('a config of 48 KB of canonical JSON is accepted; one byte more is a 413 and changes nothing', async () => {
    const bot_id = bot();
    const config = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect((await save({ bot_id, config: config(48 * 1024), notes: '€'.repeat(4000) })).status).toBe(201);
    expect((await current(bot_id)).config.text).toHaveLength(48 * 1024 - 11);

    const tooLarge = await save({ bot_id, config: config(48 * 1024 + 1) });
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.body.detail).toContain('config');
    expect(await list(bot_id)).toHaveLength(1);
  });

  test('the size is counted in bytes, not in characters', async () => {
    expect((await save({ bot_id: bot(), config: { text: '€'.repeat(17_000) } })).status).toBe(413);
  });

  test('two configs of 48 KB can be compared', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 'x'.repeat(49_000) } });
    const { status, body } = await save({ bot_id, config: { a: 'y'.repeat(49_000) } });
    expect({ status, path: body.changes[0].path }).toEqual({ status: 201, path: '/a' });
  });

  test('a config with any keys is returned unchanged', async () => {
    const bot_id = bot();
    const config = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": 2, "": {"~/": [null, {"b": 1, "a": -0.5}]}, "é": "\\ud83d\\ude00", "toString": false}',
    );
    await save({ bot_id, config });
    const back = (await current(bot_id)).config;
    expect(JSON.stringify(Object.entries(back).sort())).toBe(
      JSON.stringify(Object.entries(config).sort()).replace('{"b":1,"a":-0.5}', '{"a":-0.5,"b":1}'),
    );
    expect(Object.hasOwn(back, '__proto__')).toBe(true);
  });
});

describe('known settings', () => {
  const columns = (bot_id: string) => service.sql('SELECT * FROM current_strategies WHERE bot_id = $1', [bot_id]);

  test('are stored in their columns', async () => {
    const bot_id = bot();
    const config = {
      score_buy_target: 5.5,
      score_sell_target: -2,
      indicator_weights: { rsi: 2.5 },
      rsi_buy_threshold: 30,
      rsi_sell_threshold: 70,
      roc_buy_threshold: 0.1,
      roc_sell_threshold: -0.1,
      macd_signal_threshold: 1e-7,
      tp_threshold: 2.5,
      sl_threshold: -1.5,
      cooldown_bars: 7,
      flip_hysteresis_pct: 0.02,
      min_indicators_required: 2,
      excluded_symbols: ['B-USD', 'A-USD'],
      max_spread_pct: 0.15,
    };
    const { body } = await save({ bot_id, config: { ...config, other: 1 }, notes: 'All' });
    expect(body.warnings).toEqual([]);

    const [row = {}] = await columns(bot_id);
    const asText = (value: unknown) => (typeof value === 'number' ? String(Number(value)) : value);
    for (const [name, value] of Object.entries(config)) {
      const stored = row[name];
      expect({ [name]: typeof stored === 'string' ? String(Number(stored)) : asText(stored) }).toEqual({
        [name]: asText(value),
      });
    }
  });

  test.each([
    ['score_buy_target', '5.5'],
    ['indicator_weights', [1]],
    ['cooldown_bars', 1.5],
    ['cooldown_bars', 3_000_000_000],
    ['excluded_symbols', 'A-USD'],
    ['excluded_symbols', [1]],
    ['tp_threshold', true],
  ])('%s as %j stays null with a warning, and in the config', async (name, value) => {
    const bot_id = bot();
    const { status, body } = await save({ bot_id, config: { [name]: value }, notes: 'Wrong type' });
    expect(status).toBe(201);
    expect(body.warnings).toEqual([expect.stringContaining(name)]);
    expect((await columns(bot_id))[0]).toMatchObject({ [name]: null });
    expect((await current(bot_id)).config).toEqual({ [name]: value });
  });

  test('that are null or absent cause no warning', async () => {
    const { body } = await save({ bot_id: bot(), config: { tp_threshold: null }, notes: 'Absent' });
    expect(body.warnings).toEqual([]);
  });
});

describe('importing a snapshot', () => {
  test('active_from in the past is kept, and ends the previous snapshot at that time', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 }, active_from: at(1) });
    await save({ bot_id, config: { a: 2 }, active_from: '2026-01-05T01:00:00.000001+01:00' });
    expect(await list(bot_id)).toMatchObject([
      { active_from: '2026-01-05T00:00:00.000001Z', active_until: null },
      { active_from: '2026-01-01T00:00:00Z', active_until: '2026-01-05T00:00:00.000001Z' },
    ]);
  });

  test.each([
    ['at', at(5)],
    ['before', at(4)],
  ])('%s the start of the active snapshot it is a 409 and changes nothing', async (_, active_from) => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 }, active_from: at(5) });
    const before = await list(bot_id);
    expect((await save({ bot_id, config: { a: 2 }, active_from })).status).toBe(409);
    expect(await list(bot_id)).toEqual(before);
  });

  test('one microsecond after the start of the active snapshot it is accepted', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 }, active_from: at(5) });
    const active_from = '2026-01-05T00:00:00.000001Z';
    expect(await save({ bot_id, config: { a: 2 }, active_from })).toMatchObject({ status: 201, body: { active_from } });
  });

  test('an existing snapshot is a 200, however often it is imported', async () => {
    const bot_id = bot();
    const imported = [1, 3, 5].map((day) => ({ bot_id, config: { day }, active_from: at(day) }));
    const ids = [];
    for (const each of imported) ids.push((await save(each)).body.snapshot_id);
    for (const [i, each] of imported.entries()) {
      expect(await save(each)).toMatchObject({ status: 200, body: { snapshot_id: ids[i], changed: false } });
    }
    expect((await save({ bot_id, config: { day: 2 }, active_from: at(3) })).status).toBe(409);
    expect(await list(bot_id)).toHaveLength(3);
  });

  test('active_from more than 60 s in the future is a 400; up to that it counts as now', async () => {
    const bot_id = bot();
    const late = await save({ bot_id, config: {}, active_from: ahead(90) });
    expect(late).toMatchObject({ status: 400, body: { errors: [{ path: '/active_from' }] } });

    const { status, body } = await save({ bot_id, config: {}, active_from: ahead(50) });
    expect(status).toBe(201);
    expect(Date.parse(body.active_from)).toBeLessThanOrEqual(Date.now() + 1000);
  });

  test('a period before the first snapshot is imported with active_until', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 }, active_from: at(10) });
    const { status, body } = await save({ bot_id, config: { a: 0 }, active_from: at(3), active_until: at(10) });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      active_from: '2026-01-03T00:00:00Z',
      active_until: '2026-01-10T00:00:00Z',
      changed: true,
    });
    expect((await save({ bot_id, config: { a: 0 }, active_from: at(3), active_until: at(10) })).status).toBe(200);
    expect((await save({ bot_id, config: { a: 7 }, active_from: at(1), active_until: at(2) })).status).toBe(201);
    expect((await current(bot_id)).config).toEqual({ a: 1 });
    expect(await list(bot_id)).toHaveLength(3);
  });

  test.each([
    ['overlaps the first snapshot', { active_from: at(3), active_until: at(11) }],
    ['lies after the start of the active one', { active_from: at(12), active_until: at(13) }],
  ])('a period that %s is a 409', async (_, period) => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 }, active_from: at(10) });
    expect((await save({ bot_id, config: { a: 0 }, ...period })).status).toBe(409);
    expect(await list(bot_id)).toHaveLength(1);
  });

  test.each([
    ['an end without a start', { active_until: at(2) }, '/active_from'],
    ['an end before the start', { active_from: at(3), active_until: at(2) }, '/active_until'],
    ['an end at the start', { active_from: at(3), active_until: at(3) }, '/active_until'],
  ])('%s is a 400', async (_, period, path) => {
    const bot_id = bot();
    expect(await save({ bot_id, config: {}, ...period })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test('after an import of only a closed period, the bot has no active snapshot', async () => {
    const bot_id = bot();
    await save({ bot_id, config: {}, active_from: at(1), active_until: at(2) });
    expect((await service.call('GET /snapshots/current', { query: { bot_id } })).status).toBe(404);
    expect(await save({ bot_id, config: {} })).toMatchObject({ status: 201, body: { active_until: null } });
  });
});

describe('reading snapshots', () => {
  test('the list is newest first, without configs, and pages through all', async () => {
    const bot_id = bot();
    for (const day of [1, 2, 3, 4, 5]) await save({ bot_id, config: { day }, active_from: at(day) });
    const all = await list(bot_id);
    expect(all.map(({ active_from }: { active_from: string }) => active_from)).toEqual([5, 4, 3, 2, 1].map(at));
    expect(all[0]).not.toHaveProperty('config');
    expect(await everyPage(service, 'GET /snapshots', { bot_id, limit: 2 }, 'snapshots')).toEqual(all);
    expect((await service.call('GET /snapshots', { query: { bot_id, limit: 5 } })).body.next_cursor).toBeNull();
  });

  test('a list that exceeds the 1 MB of the Data API comes completely, in smaller pages', async () => {
    const bot_id = bot();
    await save({ bot_id, config: {}, active_from: at(1) });
    await service.sql(
      `INSERT INTO strategy_snapshots (bot_id, active_from, active_until, config_hash, config, notes)
       SELECT $1, '2020-01-01'::timestamptz + n * interval '1 hour', '2020-01-01'::timestamptz + (n + 1) * interval '1 hour', repeat('0', 64), '{}', repeat('n', 4000)
       FROM generate_series(1, 400) AS n`,
      [bot_id],
    );
    const first = (await service.call('GET /snapshots', { query: { bot_id, limit: 500 } })).body;
    expect(first.next_cursor).not.toBeNull();
    expect(await everyPage(service, 'GET /snapshots', { bot_id }, 'snapshots')).toHaveLength(401);
  });

  test('a snapshot is found by its id; an unknown id is a 404', async () => {
    const bot_id = bot();
    const { body } = await save({ bot_id, config: { a: 1 }, notes: 'n', created_by: 'me' });
    const found = await service.call('GET /snapshots/{snapshot_id}', { path: { snapshot_id: body.snapshot_id } });
    const { changed: _, changes: __, warnings: ___, redacted: ____, ...snapshot } = body;
    expect(found).toMatchObject({ status: 200, body: { ...snapshot, config: { a: 1 } } });
    expect(
      (
        await service.call('GET /snapshots/{snapshot_id}', {
          path: { snapshot_id: '00000000-0000-4000-8000-000000000000' },
        })
      ).status,
    ).toBe(404);
    expect(
      (
        await service.call('GET /snapshots/{snapshot_id}/changes', {
          path: { snapshot_id: '00000000-0000-4000-8000-000000000000' },
        })
      ).status,
    ).toBe(404);
  });

  test('a bot without an active snapshot is a 404', async () => {
    expect((await service.call('GET /snapshots/current', { query: { bot_id: bot() } })).status).toBe(404);
  });

  test('the changes of a snapshot are against the previous one, or against another', async () => {
    const bot_id = bot();
    const ids: number[] = [];
    for (const a of [1, 2, 3]) ids.push((await save({ bot_id, config: { a } })).body.snapshot_id);
    const changes = async (id = 0, query = {}) =>
      (await service.call('GET /snapshots/{snapshot_id}/changes', { path: { snapshot_id: id }, query })).body;
    expect(await changes(ids[2])).toEqual({ against: ids[1], changes: [{ path: '/a', before: 2, after: 3 }] });
    expect(await changes(ids[2], { against: ids[0] })).toEqual({
      against: ids[0],
      changes: [{ path: '/a', before: 1, after: 3 }],
    });
    expect(await changes(ids[0])).toEqual({ against: null, changes: [] });
  });

  test('the view current_strategy has the snapshot of the bot `default`, and current_strategies that of every bot', async () => {
    const bot_id = bot();
    await save({ bot_id, config: { a: 1 } });
    const { body } = await save({ config: { of: 'default' } });
    expect(await service.sql('SELECT snapshot_id, bot_id FROM current_strategy')).toEqual([
      { snapshot_id: body.snapshot_id, bot_id: 'default' },
    ]);
    expect(
      await service.sql(
        "SELECT bot_id FROM current_strategies WHERE bot_id IN ($1, 'default') ORDER BY bot_id = 'default'",
        [bot_id],
      ),
    ).toEqual([{ bot_id }, { bot_id: 'default' }]);
    expect((await service.call('GET /snapshots/current')).body.snapshot_id).toBe(body.snapshot_id);
  });
});
