import { describe, expect, test } from 'vitest';
import { bot, daysFromNow, roundTrips, startSummarising } from './summarising.ts';

const { service, summarise, days, dayOf, snapshot, postFills } = await startSummarising();

describe('the nightly run', () => {
  test('computes the previous trading day, catches up on missed days, and is recorded', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T12:00:00Z', { active_until: '2026-02-20T00:00:00Z' });
    expect(await service.fire('daily-summary', '2026-02-03T00:05:00Z')).toMatchObject({ date: '2026-02-02' });
    expect((await days(bot_id)).map(({ date }) => date)).toEqual(['2026-02-02', '2026-02-01']);

    await service.fire('daily-summary', '2026-02-07T00:05:00Z');
    expect((await days(bot_id)).map(({ date }) => date)).toEqual([
      '2026-02-06',
      '2026-02-05',
      '2026-02-04',
      '2026-02-03',
      '2026-02-02',
      '2026-02-01',
    ]);

    const runs = await service.sql(
      "SELECT trigger, from_date::text, to_date::text, outcome, error, duration_ms >= 0 AS timed, finished_at IS NOT NULL AS finished FROM summary_runs WHERE trigger = 'schedule' ORDER BY run_id DESC LIMIT 1",
    );
    expect(runs).toEqual([
      {
        trigger: 'schedule',
        from_date: '2026-02-03',
        to_date: '2026-02-06',
        outcome: 'succeeded',
        error: null,
        timed: true,
        finished: true,
      },
    ]);
  });

  test('leaves a day alone that is not over, although it is marked', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-03', [5]));
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    expect((await days(bot_id)).map(({ date }) => date)).toEqual(['2026-02-02', '2026-02-01']);
  });

  test('leaves nothing marked of a period that ended at the first instant of a day', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z', { active_until: '2026-02-03T00:00:00Z' });
    await service.sql("SELECT mark_calendar($1, '-infinity', '2026-02-10', false)", [bot_id]);
    expect(await service.sql('SELECT date::text FROM marked_days WHERE bot_id = $1 ORDER BY date', [bot_id])).toEqual([
      { date: '2026-02-01' },
      { date: '2026-02-02' },
    ]);
  });

  test('a second firing for the same time changes nothing', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T12:00:00Z', { active_until: '2026-02-20T00:00:00Z' });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    const before = await days(bot_id);
    const { run_id } = await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    expect(await service.sql('SELECT rows, outcome FROM summary_runs WHERE run_id = $1', [run_id])).toEqual([
      { rows: 0, outcome: 'succeeded' },
    ]);
    expect(await days(bot_id)).toEqual(before);
  });

  test('computes all rows when there are more than one step handles', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2025-01-01T00:00:00Z', { active_until: '2026-01-01T00:00:00Z' });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    expect(await days(bot_id)).toHaveLength(365);
  });

  test('fails for an event that is not from EventBridge Scheduler', async () => {
    await expect(service.fire('daily-summary', 'yesterday')).rejects.toThrow();
  });
});

describe('a report of all bots', () => {
  test('fails when one cannot be summarized, and still brings every other bot up to date', async () => {
    const [broken, whole] = [`a-${bot()}`, `z-${bot()}`];
    await Promise.all([broken, whole].map((bot_id) => snapshot(bot_id, '2026-01-01T00:00:00Z')));
    await service.sql(
      `ALTER TABLE strategy_performance_summary ADD CONSTRAINT unsummarised CHECK (bot_id <> '${broken}') NOT VALID`,
    );
    try {
      const report = await service.call('GET /report', { query: { date: '2026-01-03', format: 'json' } });
      expect(report.status).toBe(500);
    } finally {
      await service.sql('ALTER TABLE strategy_performance_summary DROP CONSTRAINT unsummarised');
    }
    expect(await days(broken)).toEqual([]);
    expect(await dayOf(whole, '2026-01-02')).toMatchObject({ total_trades: 0, stale: false });
    const [run] = await service.sql<{ error: string }>(
      'SELECT outcome, error FROM summary_runs ORDER BY run_id DESC LIMIT 1',
    );
    expect(run).toEqual({ outcome: 'failed', error: expect.stringContaining('unsummarised') });
  });
});

describe('a request for summaries', () => {
  test('is recorded as a request, and covers only one bot', async () => {
    const [bot_id, other] = [bot(), bot()];
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await snapshot(other, '2026-02-01T00:00:00Z');
    expect((await summarise({ bot_id, from: '2026-02-01', to: '2026-02-10' })).body).toEqual({
      from: '2026-02-01',
      to: '2026-02-10',
      days: 10,
      rows: 10,
    });
    expect(await days(other)).toEqual([]);
    expect(await service.sql('SELECT trigger, rows, outcome FROM summary_runs ORDER BY run_id DESC LIMIT 1')).toEqual([
      { trigger: 'request', rows: 10, outcome: 'succeeded' },
    ]);
  });

  test('leaves other days and other bots as they are', async () => {
    const [bot_id, other] = [bot(), bot()];
    for (const id of [bot_id, other]) {
      await snapshot(id, '2026-02-01T00:00:00Z');
      await summarise({ bot_id: id, from: '2026-02-01', to: '2026-02-03' });
    }
    const others = async () => [await days(bot_id, { from: '2026-02-02' }), await days(other)];
    const before = await others();
    await summarise({ bot_id, from: '2026-02-01' });
    expect(await others()).toEqual(before);
  });

  test('gives the same when it is repeated', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [1, -2, 3]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    const before = await days(bot_id);
    expect((await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' })).body.rows).toBe(3);
    const timeless = ({ updated_at: _, ...day }: Record<string, unknown>) => day;
    expect((await days(bot_id)).map(timeless)).toEqual(before.map(timeless));
  });

  test('of today is allowed; of an unknown bot it gives no rows', async () => {
    expect(await summarise({ bot_id: bot(), from: daysFromNow(0) })).toMatchObject({
      status: 200,
      body: { days: 1, rows: 0 },
    });
  });

  test.each([
    ['a future day', { from: daysFromNow(2) }, '/from'],
    ['a range into the future', { from: daysFromNow(-2), to: daysFromNow(2) }, '/to'],
    ['a reversed range', { from: '2026-02-02', to: '2026-02-01' }, '/to'],
    ['367 days', { from: '2024-01-01', to: '2025-01-01' }, '/to'],
    ['a day that does not exist', { from: '2026-02-30' }, '/from'],
    ['a time', { from: '2026-02-01T00:00:00Z' }, '/from'],
    ['no day', {}, '/from'],
    ['an unknown field', { from: '2026-02-01', days: 3 }, '/days'],
  ])('of %s is a 400 that names it', async (_, body, path) => {
    expect(await summarise(body)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test('of 366 days is allowed', async () => {
    expect((await summarise({ bot_id: bot(), from: '2024-01-01', to: '2024-12-31' })).body).toMatchObject({
      days: 366,
    });
  });
});
