import { beforeAll, describe, expect, test } from 'vitest';
import { BREAKEVEN_USD, FAST_EXIT_SECONDS } from '../../support/reference.ts';
import { bot, roundTrips, startSummarising } from './summarising.ts';

const { service, summarise, days, dayOf, snapshot, postFills } = await startSummarising();

describe('the figures of a day', () => {
  test('with P&L [10, 0, −5] equal the documentation', async () => {
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

  test('with eight trades equal the reference', async () => {
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
    // The running P&L peaks at 350, falls to 200 after −150; then 500, 400, 480, 450.
    expect(day.max_drawdown_usd).toBe(150);
  });

  test('measure the drawdown from a start at 0: [−100, 50] fell by 100', async () => {
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

  test('count up to a cent as breakeven, more as won or lost, and all of it in profit and loss', async () => {
    const more = BREAKEVEN_USD + 0.000001;
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [BREAKEVEN_USD, -BREAKEVEN_USD, more, -more]));
    await summarise({ bot_id, from: '2026-02-02' });
    const day = await dayOf(bot_id, '2026-02-02');
    expect(day).toMatchObject({
      winning_trades: 1,
      losing_trades: 1,
      breakeven_trades: 2,
      avg_win_usd: more,
      avg_loss_usd: -more,
    });
    expect(day.gross_profit_usd).toBeCloseTo(BREAKEVEN_USD + more, 12);
    expect(day.gross_loss_usd).toBeCloseTo(BREAKEVEN_USD + more, 12);
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

  test('count exits below the limit as fast, and those at the limit not', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [3], { held: FAST_EXIT_SECONDS - 0.001 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [5], { held: FAST_EXIT_SECONDS, from: 10 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [-1, -1], { held: 0, from: 20 }));
    await postFills(roundTrips(bot_id, '2026-02-02', [7], { held: 3600, from: 30 }));
    await summarise({ bot_id, from: '2026-02-02' });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({
      fast_exits_count: 3,
      fast_exits_pnl: 1,
      median_hold_time_seconds: FAST_EXIT_SECONDS - 0.001,
    });
  });

  test('count hold times by powers of two, up to a second as one', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    for (const [from, held] of [0, 1, 2, 3, 4, 3600].entries())
      await postFills(roundTrips(bot_id, '2026-02-02', [1], { held, from }));
    await summarise({ bot_id, from: '2026-02-02' });
    const statement =
      "SELECT hold_time_buckets FROM strategy_performance_summary WHERE bot_id = $1 AND date = '2026-02-02'";
    expect(await service.sql(statement, [bot_id])).toEqual([{ hold_time_buckets: { 0: 2, 1: 2, 2: 1, 11: 1 } }]);
  });

  test('leave out manual trades and those without a snapshot', async () => {
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

  test('count unmatched sells separately, on the closing day, for the exit snapshot, and in no rate', async () => {
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

  test('without trades are zeros and nulls', async () => {
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

  test('exist for each snapshot whose period touches the day, and for each with a trade closed on it', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    const second = await snapshot(bot_id, '2026-02-02T00:00:00Z');
    const third = await snapshot(bot_id, '2026-02-02T12:00:00Z');
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    const rows = async () =>
      (await days(bot_id)).map(({ date, snapshot_id }) => `${date} ${[first, second, third].indexOf(snapshot_id)}`);
    // The first snapshot ends at the first instant of the second day, and so does not touch that day.
    expect(await rows()).toEqual(['2026-02-03 2', '2026-02-02 2', '2026-02-02 1', '2026-02-01 0']);

    await postFills(roundTrips(bot_id, '2026-02-03', [5], { held: 2 * 86_400 }));
    await summarise({ bot_id, from: '2026-02-03' });
    expect(await rows()).toEqual(['2026-02-03 2', '2026-02-03 0', '2026-02-02 2', '2026-02-02 1', '2026-02-01 0']);
  });

  test('exist for the snapshot of an unmatched sell, even after its period', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await snapshot(bot_id, '2026-02-02T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-03', [5]).slice(1));
    await service.call('POST /trade-links', { body: { bot_id, order_id: '2026-02-03-0-sell', snapshot_id: first } });
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-03' });
    expect(await days(bot_id, { snapshot_id: first })).toMatchObject([
      { date: '2026-02-03', unmatched_sells: 1 },
      { date: '2026-02-01', unmatched_sells: 0 },
    ]);
  });

  test('disappear with the last trade of a day at whose first instant the period ended', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await snapshot(bot_id, '2026-02-02T00:00:00Z');
    await postFills(roundTrips(bot_id, '2026-02-02', [5], { held: 86_400 }));
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    const rows = async () => (await days(bot_id, { snapshot_id: first })).map(({ date }) => date);
    expect(await rows()).toEqual(['2026-02-02', '2026-02-01']);

    const sale = { bot_id, fill_id: '2026-02-02-0-sell', void: true, reason: 'it never happened' };
    expect((await service.call('POST /fills/corrections', { body: sale })).status).toBe(200);
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    expect(await rows()).toEqual(['2026-02-01']);
  });
});

describe('a late change', () => {
  test('makes the day stale, and the next run replaces it', async () => {
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

  test('is recomputed by any run, even one for another day, and is not counted in its rows', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await summarise({ bot_id, from: '2026-02-01', to: '2026-02-02' });
    await postFills(roundTrips(bot_id, '2026-02-02', [10]));
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ stale: true, total_trades: 0 });
    expect((await summarise({ bot_id, from: '2026-02-01' })).body).toMatchObject({ rows: 1 });
    expect(await dayOf(bot_id, '2026-02-02')).toMatchObject({ stale: false, total_trades: 1 });
  });

  test('of a buy changes trades and unmatched sells', async () => {
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

  test('by a backdated snapshot moves its days from the old snapshot to the new', async () => {
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

  test('by a link moves a trade to its snapshot', async () => {
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
