import { beforeAll, describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const comparison = async (bot_id: string, query = {}) =>
  (await service.call('GET /comparison', { query: { bot_id, ...query } })).body;

async function snapshot(bot_id: string | undefined, active_from: string, more: object = {}): Promise<number> {
  const { status, body } = await service.call('POST /snapshots', {
    body: { bot_id, config: { active_from }, active_from, ...more },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.snapshot_id;
}

/** Closes trades with these P&Ls on each day, one per minute, and summarizes the days. */
async function trade(bot_id: string | undefined, pnlByDay: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const fills = Object.entries(pnlByDay).flatMap(([date, pnl]) =>
    pnl.flatMap((usd, i) =>
      ['buy', 'sell'].map((side) => ({
        bot_id,
        fill_id: `${date}-${i}-${side}`,
        order_id: `${date}-${i}-${side}`,
        symbol: `${date}-${i}-USD`,
        side,
        price: String(side === 'buy' ? 1000 : 1000 + usd),
        size: '1',
        fee_usd: '0',
        filled_at: `${date}T10:${String(i).padStart(2, '0')}:${side === 'buy' ? '00' : '20'}Z`,
      })),
    ),
  );
  expect((await service.call('POST /fills', { body: fills })).body).toMatchObject({ accepted: fills.length });
  for (const from of Object.keys(pnlByDay))
    expect((await service.call('POST /summaries', { body: { bot_id, from } })).status).toBe(200);
}

// Runs first, while the view has no other bots: it lists every bot's strategies.
describe('the documented queries return', () => {
  let snapshots: number[];
  beforeAll(async () => {
    snapshots = [
      await snapshot(undefined, '2026-01-01T00:00:00Z', { notes: 'baseline' }),
      await snapshot(undefined, '2026-01-09T00:00:00Z', { notes: 'too short' }),
      await snapshot(undefined, '2026-01-12T00:00:00Z', { notes: 'better' }),
      await snapshot(undefined, '2026-02-12T00:00:00Z', { notes: 'without trades' }),
    ];
    await trade(undefined, { '2026-01-02': [1, -2], '2026-01-10': [100], '2026-01-13': [3, -1], '2026-01-14': [4] });
  });

  test('the best strategies of a week or more', async () => {
    const rows = await service.sql(
      'SELECT notes, avg_win_rate, total_pnl, avg_profit_factor FROM strategy_comparison WHERE days_active >= 7 ORDER BY avg_expectancy DESC LIMIT 5',
    );
    expect(
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            name === 'notes' ? value : Number(Number(value).toFixed(4)),
          ]),
        ),
      ),
    ).toEqual([
      { notes: 'better', avg_win_rate: 66.6667, total_pnl: 6, avg_profit_factor: 7 },
      { notes: 'baseline', avg_win_rate: 50, total_pnl: -1, avg_profit_factor: 0.5 },
    ]);
  });

  test('the current strategy', async () => {
    const query =
      'SELECT total_trades::integer FROM strategy_comparison WHERE snapshot_id = (SELECT snapshot_id FROM current_strategy)';
    expect(await service.sql(query)).toEqual([]);
    await trade(undefined, { '2026-02-13': [2, 2] });
    expect(await service.sql(query)).toEqual([{ total_trades: 2 }]);
  });

  test('its days, and the link of an order', async () => {
    expect(
      await service.sql(
        'SELECT date::text, total_trades, winning_trades, total_pnl_usd::float8, profit_factor::float8 FROM strategy_performance_summary WHERE snapshot_id = $1 ORDER BY date',
        [snapshots[2]],
      ),
    ).toEqual([
      { date: '2026-01-13', total_trades: 2, winning_trades: 1, total_pnl_usd: 2, profit_factor: 3 },
      { date: '2026-01-14', total_trades: 1, winning_trades: 1, total_pnl_usd: 4, profit_factor: null },
    ]);
    await service.call('POST /trade-links', { body: { order_id: '2026-01-13-0-sell', trigger: 'TP', sell_score: 3 } });
    expect(
      await service.sql(
        "SELECT snapshot_id, buy_score, sell_score, trigger_type FROM trade_strategy_link WHERE order_id = '2026-01-13-0-sell'",
      ),
    ).toEqual([{ snapshot_id: snapshots[2], buy_score: null, sell_score: '3', trigger_type: 'tp' }]);
  });

  test('every documented column', async () => {
    await service.sql(`SELECT snapshot_id, active_from, active_until, score_buy_target, score_sell_target, indicator_weights, rsi_buy_threshold, rsi_sell_threshold,
      roc_buy_threshold, roc_sell_threshold, macd_signal_threshold, tp_threshold, sl_threshold, cooldown_bars, flip_hysteresis_pct, min_indicators_required,
      excluded_symbols, max_spread_pct, config_hash, notes, created_by, created_at FROM strategy_snapshots`);
    await service.sql(`SELECT snapshot_id, date, total_trades, winning_trades, losing_trades, breakeven_trades, total_pnl_usd, avg_win_usd, avg_loss_usd, largest_win_usd,
      largest_loss_usd, win_rate, profit_factor, expectancy_usd, max_drawdown_usd, avg_hold_time_seconds, median_hold_time_seconds, fast_exits_count, fast_exits_pnl,
      updated_at FROM strategy_performance_summary`);
    await service.sql(
      'SELECT order_id, snapshot_id, buy_score, sell_score, trigger_type, indicators_fired, indicator_breakdown, created_at FROM trade_strategy_link',
    );
    await service.sql(
      `SELECT snapshot_id, active_from, active_until, notes, days_active, total_trades, avg_win_rate, total_pnl, avg_profit_factor, avg_expectancy FROM strategy_comparison`,
    );
    expect(
      await service.sql(
        "SELECT data_type, udt_name FROM information_schema.columns WHERE column_name = 'excluded_symbols' AND table_name = 'strategy_snapshots'",
      ),
    ).toEqual([{ data_type: 'ARRAY', udt_name: '_text' }]);
  });
});

describe('the comparison', () => {
  test('after a rollback from settings that closed no trade does not call the old ones the first configuration', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z', { notes: 'old' });
    await trade(bot_id, { '2026-02-01': [10], '2026-02-02': [1] });
    await snapshot(bot_id, '2026-02-03T00:00:00Z', { config: { rsi: 'new' } });
    await service.call('POST /snapshots/rollback', { body: { bot_id } });
    expect((await comparison(bot_id)).verdict.summary).toBe(
      'Nothing to compare yet: no trade has closed under other settings before these. Leave them running until they have 7 days with trades (now 2) and 30 trades (now 2); then change one setting.',
    );
  });

  test('compares configurations: settings that came back are one, with both of their periods', async () => {
    const bot_id = bot();
    const [first, other, again] = [
      await snapshot(bot_id, '2026-02-01T00:00:00Z', { config: { rsi: 1 } }),
      await snapshot(bot_id, '2026-02-02T00:00:00Z', { config: { rsi: 2 } }),
      await snapshot(bot_id, '2026-02-03T00:00:00Z', { config: { rsi: 1 } }),
    ];
    await trade(bot_id, { '2026-02-01': [1, 2], '2026-02-02': [3], '2026-02-03': [4] });
    expect((await comparison(bot_id)).verdict).toMatchObject({
      baseline: { snapshot_id: other, snapshot_ids: [other] },
      candidate: { snapshot_id: again, snapshot_ids: [first, again] },
      trades: { baseline: 1, candidate: 3 },
    });
  });

  test('pools over days: its ratios are computed from sums, not from averages', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, '2026-02-01T00:00:00Z', { notes: 'baseline' });
    // Day by day: win rates 100, 20; profit factors none and 0.25; expectancies 10 and -1.
    await trade(bot_id, { '2026-02-01': [10], '2026-02-02': [1, -1, -1, -1, -1] });
    const { strategies, verdict } = await comparison(bot_id);

    expect(strategies).toHaveLength(1);
    expect(strategies[0]).toMatchObject({
      snapshot_id,
      bot_id,
      notes: 'baseline',
      total_trades: 6,
      winning_trades: 2,
      losing_trades: 4,
      breakeven_trades: 0,
      days_with_trades: 2,
      total_pnl: 7,
      gross_profit_usd: 11,
      gross_loss_usd: 4,
      avg_profit_factor: 2.75,
      avg_win_usd: 5.5,
      avg_loss_usd: -1,
      largest_win_usd: 10,
      largest_loss_usd: -1,
      pnl_per_day_usd: 3.5,
      max_drawdown_usd: 4,
      avg_hold_time_seconds: 20,
      fast_exits_count: 6,
      fast_exits_pnl: 7,
      fast_exit_rate: 100,
      unmatched_sells: 0,
      last_date: '2026-02-02',
      stale: false,
    });
    expect(strategies[0].avg_win_rate).toBeCloseTo(100 / 3, 10);
    expect(strategies[0].avg_expectancy).toBeCloseTo(7 / 6, 10);
    expect(verdict === null || typeof verdict === 'object').toBe(true);
  });

  test.each([
    ['[10, −6] then [−5] fell by 11', { '2026-02-01': [10, -6], '2026-02-02': [-5] }, 11],
    [
      'a fall within one day stays the largest',
      { '2026-02-01': [5, -20, 30], '2026-02-02': [-5], '2026-02-03': [1] },
      20,
    ],
    ['a fall over three days', { '2026-02-01': [10], '2026-02-02': [-4], '2026-02-03': [-4], '2026-02-04': [20] }, 8],
    ['the peak of an earlier day', { '2026-02-01': [50, -10], '2026-02-02': [5], '2026-02-03': [-3, 1] }, 10],
    ['a start below 0', { '2026-02-01': [-3], '2026-02-02': [-4] }, 7],
    ['never a fall', { '2026-02-01': [3], '2026-02-02': [4] }, 0],
  ])('computes the drawdown across days: %s', async (_, pnlByDay, drawdown) => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await trade(bot_id, pnlByDay);
    expect((await comparison(bot_id)).strategies[0].max_drawdown_usd).toBeCloseTo(drawdown, 10);
  });

  test('shows open positions at cost, including fees', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await snapshot(bot_id, '2026-02-02T00:00:00Z');
    const fill = (order_id: string, side: string, size: string, filled_at: string, more: object = {}) => ({
      bot_id,
      fill_id: `${order_id}${size}`,
      order_id,
      symbol: 'O-USD',
      side,
      price: '10',
      size,
      fee_usd: '0.4',
      filled_at,
      ...more,
    });
    await service.call('POST /fills', {
      body: [
        fill('b1', 'buy', '4', '2026-02-01T01:00:00Z'),
        fill('b2', 'buy', '2', '2026-02-01T02:00:00Z'),
        fill('s', 'sell', '3', '2026-02-02T03:00:00Z'),
        fill('hand', 'buy', '9', '2026-02-02T04:00:00Z', { source: 'manual' }),
      ],
    });
    const { strategies } = await comparison(bot_id);
    expect(strategies.map((s: Record<string, number>) => [s.open_positions, s.open_cost_usd])).toEqual([
      [0, 0],
      // One position: one of four at 10 with a quarter of its fee, and two with theirs.
      [1, 30.5],
    ]);
  });

  test('lists the latest snapshots first, up to the limit, including those without trades', async () => {
    const bot_id = bot();
    const ids = [];
    for (let day = 1; day <= 12; day++)
      ids.push(await snapshot(bot_id, `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`));
    const listed = async (query = {}) =>
      (await comparison(bot_id, query)).strategies.map((s: { snapshot_id: number }) => s.snapshot_id);
    expect(await listed()).toEqual(ids.toReversed().slice(0, 10));
    expect(await listed({ limit: 3 })).toEqual(ids.toReversed().slice(0, 3));
    expect(await listed({ limit: 500 })).toHaveLength(12);
    expect((await comparison(bot_id)).strategies[1]).toMatchObject({
      days_active: 1,
      total_trades: 0,
      ...{ winning_trades: 0, losing_trades: 0, breakeven_trades: 0, fast_exits_count: 0, unmatched_sells: 0 },
      ...{ total_pnl: 0, gross_profit_usd: 0, gross_loss_usd: 0, max_drawdown_usd: 0, fast_exits_pnl: 0 },
      avg_win_rate: null,
      avg_profit_factor: null,
      avg_expectancy: null,
    });
  });

  test('counts whole active days', async () => {
    const bot_id = bot();
    const period = (active_from: string, active_until: string) => snapshot(bot_id, active_from, { active_until });
    await period('2026-01-08T00:00:00Z', '2026-01-15T00:00:00Z');
    await period('2026-01-01T00:00:00Z', '2026-01-07T23:59:59.999999Z');
    expect((await comparison(bot_id)).strategies.map((s: { days_active: number }) => s.days_active)).toEqual([7, 6]);
  });

  test('reads summary rows only: trades that are not summarized yet are left out, and the row is stale', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-02-01T00:00:00Z');
    await trade(bot_id, { '2026-02-01': [1] });
    const late = ['buy', 'sell'].map((side) => ({
      bot_id,
      fill_id: side,
      order_id: side,
      symbol: 'L-USD',
      side,
      price: '1',
      size: '1',
      filled_at: '2026-02-01T20:00:00Z',
    }));
    await service.call('POST /fills', { body: late });
    expect((await comparison(bot_id)).strategies[0]).toMatchObject({ total_trades: 1, stale: true });
    await service.call('POST /summaries', { body: { bot_id, from: '2026-02-01' } });
    expect((await comparison(bot_id)).strategies[0]).toMatchObject({ total_trades: 2, stale: false });
  });

  test('includes all days of an arm, even when they exceed one response of the Data API', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2015-01-01T00:00:00Z');
    const candidate = await snapshot(bot_id, '2025-01-01T00:00:00Z');
    // Longer rows than fills can produce: sums of 26 digits, and hold times in every bucket.
    const amount = '12345678901234.123456789012';
    await service.sql(
      `INSERT INTO strategy_performance_summary (bot_id, snapshot_id, date, winning_trades, losing_trades, breakeven_trades, max_drawdown_usd,
         fast_exits_count, fast_exits_pnl, updated_at, gross_profit_usd, gross_loss_usd, cost_basis_usd, winning_pnl_usd, losing_pnl_usd,
         highest_pnl_usd, lowest_pnl_usd, hold_seconds_sum, hold_time_buckets, unmatched_sells, time_zone)
       SELECT s.bot_id, s.snapshot_id, s.active_from::date + i, 1000000, 999999, 0, ${amount}, 0, 0, now(), ${amount}, ${amount}, ${amount}, ${amount},
         -${amount}, ${amount}, -${amount}, 1, (SELECT jsonb_object_agg(k, 100000) FROM generate_series(0, 40) AS k), 0, 'UTC'
       FROM strategy_snapshots s
       CROSS JOIN LATERAL generate_series(0, CASE WHEN s.snapshot_id = '${candidate}' THEN 30 ELSE 2499 END) AS i
       WHERE s.bot_id = '${bot_id}'`,
    );
    const { verdict } = await comparison(bot_id);
    expect(verdict).toMatchObject({
      days: { baseline: 2500, candidate: 31 },
      trades: { baseline: 2500 * 1_999_999, candidate: 31 * 1_999_999 },
    });
  });

  test('is empty for an unknown bot', async () => {
    expect((await comparison(bot())).strategies).toEqual([]);
  });

  test.each(['0', '501', 'x', '-1'])('refuses a limit of %s', async (limit) => {
    expect(await service.call('GET /comparison', { query: { limit } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'limit' }] },
    });
  });
});
