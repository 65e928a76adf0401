import { beforeAll, describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const summarise = (body: object) => service.call('POST /summaries', { body });
const days = (bot_id: string, query = {}) => everyPage(service, 'GET /summaries', { bot_id, ...query }, 'summaries');
const dayOf = async (bot_id: string, date: string) => (await days(bot_id, { from: date, to: date }))[0];
const daysFromNow = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

async function snapshot(bot_id: string, active_from: string, more: object = {}): Promise<number> {
  const { status, body } = await service.call('POST /snapshots', {
    body: { bot_id, config: { active_from }, active_from, ...more },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.snapshot_id;
}

async function postFills(fills: readonly object[]): Promise<void> {
  const { status, body } = await service.call('POST /fills', { body: fills });
  expect({ status, rejected: body.rejected }).toEqual({ status: 200, rejected: [] });
}

/** Round trips of one coin bought for 1,000 that earn these P&Ls, each closed at its minute of the day. */
function roundTrips(
  bot_id: string,
  date: string,
  pnl: readonly number[],
  { held = 600, from = 0, more = {} }: { held?: number; from?: number; more?: object } = {},
) {
  return pnl.flatMap((usd, i) => {
    const name = `${date}-${from + i}`;
    const closed = Date.parse(`${date}T10:00:00Z`) + (from + i) * 60_000;
    const leg = (side: string, price: number, at: number) => ({
      bot_id,
      fill_id: `${name}-${side}`,
      order_id: `${name}-${side}`,
      symbol: `${name}-USD`,
      side,
      price: String(price),
      size: '1',
      fee_usd: '0',
      filled_at: new Date(at).toISOString(),
      ...more,
    });
    return [leg('buy', 1000, closed - held * 1000), leg('sell', 1000 + usd, closed)];
  });
}

describe('the numbers of a day', () => {
  test('of P&L [10, 0, −5] are those of the documentation', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [10, 0, -5]));
    expect((await summarise({ bot_id, from: '2026-02-02' })).body).toEqual({
      from: '2026-02-02',
      to: '2026-02-02',
      days: 1,
      rows: 1,
    });

    const day = await dayOf(bot_id, '2026-02-02');
    expect(day).toMatchObject({
      bot_id,
      snapshot_id,
      date: '2026-02-02',
      time_zone: 'UTC',
      total_trades: 3,
      winning_trades: 1,
      losing_trades: 1,
      breakeven_trades: 1,
      unmatched_sells: 0,
      total_pnl_usd: 5,
      gross_profit_usd: 10,
      gross_loss_usd: 5,
      profit_factor: 2,
      avg_win_usd: 10,
      avg_loss_usd: -5,
      largest_win_usd: 10,
      largest_loss_usd: -5,
      max_drawdown_usd: 5,
      avg_hold_time_seconds: 600,
      median_hold_time_seconds: 600,
      fast_exits_count: 0,
      fast_exits_pnl: 0,
      stale: false,
    });
    expect(day.expectancy_usd).toBeCloseTo(1.6667, 4);
    expect(day.win_rate).toBeCloseTo(33.3333, 4);
  });

  test('of eight trades are those of the statistics', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [100, 200, 50, -150, 300, -100, 80, -30]));
    await summarise({ bot_id, from: '2026-02-02' });

    const day = await dayOf(bot_id, '2026-02-02');
    expect(day).toMatchObject({
      total_trades: 8,
      winning_trades: 5,
      losing_trades: 3,
      win_rate: 62.5,
      expectancy_usd: 56.25,
      largest_win_usd: 300,
      largest_loss_usd: -150,
    });
    expect(day.profit_factor).toBeCloseTo(2.6071428571, 10);
    // 350 at its highest, 200 after −150; then 500, 400, 480, 450.
    expect(day.max_drawdown_usd).toBe(150);
  });

  test('have a drawdown from the start at 0: [−100, 50] fell by 100', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [-100, 50]));
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({
      max_drawdown_usd: 100,
      total_pnl_usd: -50,
      profit_factor: 0.5,
    });
  });

  test('count a cent as breakeven, more as won or lost, and every cent as profit or loss', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [0.01, -0.01, 0.010001, -0.010001]));
    await summarise({ bot_id, from: '2026-02-02' });
    const day = await dayOf(bot_id, '2026-02-02');
    expect(day).toMatchObject({
      winning_trades: 1,
      losing_trades: 1,
      breakeven_trades: 2,
      avg_win_usd: 0.010001,
      avg_loss_usd: -0.010001,
    });
    expect(day.gross_profit_usd).toBeCloseTo(0.020001, 12);
    expect(day.gross_loss_usd).toBeCloseTo(0.020001, 12);
  });

  test('have no profit factor without a loss', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [1, 2]));
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({
      profit_factor: null,
      win_rate: 100,
      avg_loss_usd: null,
      largest_loss_usd: null,
    });
  });

  test('count exits under 60 s as fast, and those of 60 s not', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [3], { held: 59.999 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [5], { held: 60, from: 10 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [-1, -1], { held: 0, from: 20 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [7], { held: 3600, from: 30 }));
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({
      fast_exits_count: 3,
      fast_exits_pnl: 1,
      median_hold_time_seconds: 59.999,
    });
  });

  test('leave manual trades and those of no snapshot out', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-02T00:00:00Z');
    await postFills([
      ...roundTrips(bot_id, '2026-02-02', [5]),
      ...roundTrips(bot_id, '2026-02-02', [100], { from: 5, more: { source: 'manual' } }),
      ...roundTrips(bot_id, '2026-02-02', [1000], { from: 9, held: 86_400 }),
    ]);
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await days(bot_id)).toMatchObject([{ total_trades: 1, total_pnl_usd: 5 }]);
  });

  test('count unmatched sells apart, on the closing day, under the exit snapshot, and in no rate', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    const exit = await snapshot(bot_id, '2026-02-02T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [5]));
    const sell = (fill_id: string, order_id: string, at: string) => ({
      bot_id,
      fill_id,
      order_id,
      symbol: 'N-USD',
      side: 'sell',
      price: '1',
      size: '1',
      filled_at: at,
    });
    await postFills(
      [
        sell('u1', 'unmatched', '2026-02-02T23:59:00Z'),
        sell('u2', 'unmatched', '2026-02-03T00:01:00Z'),
        sell('u3', 'by hand', '2026-02-03T00:02:00Z'),
      ].map((fill) => (fill.order_id === 'by hand' ? { ...fill, source: 'manual' } : fill)),
    );
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    expect(
      (await days(bot_id)).map(({ date, snapshot_id, unmatched_sells, total_trades, win_rate }) => [
        date,
        snapshot_id === exit,
        unmatched_sells,
        total_trades,
        win_rate,
      ]),
    ).toEqual([
      ['2026-02-03', true, 1, 0, null],
      ['2026-02-02', true, 0, 1, 100],
      ['2026-02-01', false, 0, 0, null],
    ]);
  });

  test('of a day without trades are zeros and nulls', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await summarise({ bot_id, from: '2026-02-02' });
    const day = await dayOf(bot_id, '2026-02-02');
    expect(day).toMatchObject({
      total_trades: 0,
      total_pnl_usd: 0,
      gross_profit_usd: 0,
      gross_loss_usd: 0,
      max_drawdown_usd: 0,
      fast_exits_count: 0,
      fast_exits_pnl: 0,
    });
    const absent = [
      'win_rate',
      'profit_factor',
      'expectancy_usd',
      'avg_win_usd',
      'avg_loss_usd',
      'largest_win_usd',
      'largest_loss_usd',
      'avg_hold_time_seconds',
      'median_hold_time_seconds',
    ];
    expect(absent.filter((name) => day[name] !== null)).toEqual([]);
  });

  test('stand for each snapshot whose period touches the day, and for one whose trade closed on it', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    const second = await snapshot(bot_id, '2026-02-02T00:00:00Z');
    const third = await snapshot(bot_id, '2026-02-02T12:00:00Z');
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    const rows = async () =>
      (await days(bot_id)).map(({ date, snapshot_id }) => `${date} ${[first, second, third].indexOf(snapshot_id)}`);
    // The first ends with the first instant of the second, which touches it no more.
    expect(await rows()).toEqual(['2026-02-03 2', '2026-02-02 2', '2026-02-02 1', '2026-02-01 0']);

    await postFills(roundTrips(bot_id, '2026-02-03', [5], { held: 2 * 86_400 }));
    await summarise({ bot_id, from: '2026-02-03' });
    expect(await rows()).toEqual(['2026-02-03 2', '2026-02-03 0', '2026-02-02 2', '2026-02-02 1', '2026-02-01 0']);
  });
});

describe('a late change', () => {
  test('makes the day stale, and the next run replaces it whole', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [10, -5]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    const before = await dayOf(bot_id, '2026-02-02');

    await postFills(roundTrips(bot_id, '2026-02-02', [-20], { from: 5 }));
    expect(await dayOf(bot_id, '2026-02-02')).toEqual({ ...before, stale: true });
    expect(await dayOf(bot_id, '2026-02-03')).toMatchObject({ stale: false });

    await service.fire('daily-summary', '2026-02-04T00:05:00Z');
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({
      total_trades: 3,
      total_pnl_usd: -15,
      profit_factor: 0.4,
      max_drawdown_usd: 25,
      largest_loss_usd: -20,
      stale: false,
    });
  });

  test('is recomputed by any run, also one that was asked for another day, and is not counted as its rows', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    await postFills(roundTrips(bot_id, '2026-02-02', [10]));
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ stale: true, total_trades: 0 });
    expect((await summarise({ bot_id, from: '2026-02-01' })).body).toMatchObject({ rows: 1 });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ stale: false, total_trades: 1 });
  });

  test('a late buy moves trades and unmatched sells', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    const [buy, sell] = roundTrips(bot_id, '2026-02-02', [10]);
    await postFills([sell ?? {}]);
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ total_trades: 0, unmatched_sells: 1 });
    await postFills([buy ?? {}]);
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ total_trades: 1, unmatched_sells: 0, total_pnl_usd: 10 });
  });

  test('a backdated snapshot moves its days from the old one to the new', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-03', [10]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-04' });
    const second = await snapshot(bot_id, '2026-02-02T12:00:00Z');
    await service.fire('daily-summary', '2026-02-05T00:05:00Z');
    const rows = (await days(bot_id, { to: '2026-02-04' })).map(({ date, snapshot_id, total_trades, stale }) => [
      date,
      [first, second].indexOf(snapshot_id),
      total_trades,
      stale,
    ]);
    expect(rows).toEqual([
      ['2026-02-04', 1, 0, false],
      ['2026-02-03', 1, 1, false],
      ['2026-02-02', 1, 0, false],
      ['2026-02-02', 0, 0, false],
      ['2026-02-01', 0, 0, false],
    ]);
  });

  test('a link moves a trade to its snapshot', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await snapshot(bot_id, '2026-02-02T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [10]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    await service.call('POST /trade-links', { body: { bot_id, order_id: '2026-02-02-0-buy', snapshot_id: first } });
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    expect(
      (await days(bot_id)).map(({ date, snapshot_id, total_trades }) => [date, snapshot_id === first, total_trades]),
    ).toEqual([
      ['2026-02-02', false, 0],
      ['2026-02-02', true, 1],
      ['2026-02-01', true, 0],
    ]);
  });
});

describe('the nightly run', () => {
  test('computes the previous trading day, catches up what was missed, and is recorded', async () => {
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

  test('a second firing for the same time changes nothing', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T12:00:00Z', { active_until: '2026-02-20T00:00:00Z' });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    const before = await days(bot_id);
    expect(await service.fire('daily-summary', '2026-02-03T00:05:00Z')).toMatchObject({ rows: 0 });
    expect(await days(bot_id)).toEqual(before);
  });

  test('more rows than a step holds are all computed', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2025-01-01T00:00:00Z', { active_until: '2026-01-01T00:00:00Z' });
    await service.fire('daily-summary', '2026-02-03T00:05:00Z');
    expect(await days(bot_id)).toHaveLength(365);
  });

  test('an event that is none of EventBridge Scheduler’s fails', async () => {
    await expect(service.fire('daily-summary', 'yesterday')).rejects.toThrow();
  });
});

describe('asking for days', () => {
  test('of all bots fails for one that cannot be summarised, and brings every other bot up to date all the same', async () => {
    const [broken, whole] = [`a-${bot()}`, `z-${bot()}`];
    await Promise.all([broken, whole].map((bot_id) => snapshot(bot_id, '2026-01-01T00:00:00Z')));
    await service.sql(
      `ALTER TABLE strategy_performance_summary ADD CONSTRAINT unsummarised CHECK (bot_id <> '${broken}') NOT VALID`,
    );
    try {
      await expect(service.fire('daily-summary', '2026-01-04T00:05:00Z')).rejects.toThrow('unsummarised');
    } finally {
      await service.sql('ALTER TABLE strategy_performance_summary DROP CONSTRAINT unsummarised');
    }
    expect(await days(broken)).toEqual([]);
    expect(await dayOf(whole, '2026-01-02')).toMatchObject({ total_trades: 0, stale: false });
    const [run] = await service.sql('SELECT outcome FROM summary_runs ORDER BY run_id DESC LIMIT 1');
    expect(run).toEqual({ outcome: 'failed' });
    await service.fire('daily-summary', '2026-01-04T00:05:00Z');
    expect(await dayOf(broken, '2026-01-02')).toMatchObject({ total_trades: 0 });
  });

  test('is recorded as a request, and covers one bot alone', async () => {
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

  test('again gives the same', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [1, -2, 3]));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    const before = await days(bot_id);
    expect((await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' })).body.rows).toBe(3);
    const timeless = ({ updated_at: _, ...day }: Record<string, unknown>) => day;
    expect((await days(bot_id)).map(timeless)).toEqual(before.map(timeless));
  });

  test('of today is allowed, of a bot that nobody knows gives no rows', async () => {
    expect(await summarise({ bot_id: bot(), from: daysFromNow(0) })).toMatchObject({
      status: 200,
      body: { days: 1, rows: 0 },
    });
  });

  test.each([
    ['a future day', { from: daysFromNow(2) }, '/from'],
    ['a range into the future', { from: daysFromNow(-2), to: daysFromNow(2) }, '/to'],
    ['a range turned round', { from: '2026-02-02', to: '2026-02-01' }, '/to'],
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

describe('the list of summaries', () => {
  const bot_id = bot();
  const ids: number[] = [];
  beforeAll(async () => {
    ids.push(await snapshot(bot_id, '2026-02-01T00:00:00Z'), await snapshot(bot_id, '2026-02-03T12:00:00Z'));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-05' });
  });
  const keys = async (query = {}) =>
    (await days(bot_id, query)).map(({ date, snapshot_id }) => `${date.slice(8)}${ids.indexOf(snapshot_id)}`);

  test('is newest day first and pages through all', async () => {
    expect(await keys()).toEqual(['051', '041', '031', '030', '020', '010']);
    expect(await keys({ limit: 1 })).toEqual(['051', '041', '031', '030', '020', '010']);
  });

  test('is filtered by snapshot and by days, both included', async () => {
    expect(await keys({ snapshot_id: ids[0] })).toEqual(['030', '020', '010']);
    expect(await keys({ from: '2026-02-02', to: '2026-02-03' })).toEqual(['031', '030', '020']);
    expect(await keys({ from: '2026-03-01' })).toEqual([]);
  });
});
