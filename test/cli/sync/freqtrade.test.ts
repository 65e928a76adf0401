import { describe, expect, test } from 'vitest';
import { everyPage } from '../../support/matching.ts';
import { strategy, strategyProcess } from '../strategy.ts';
import { figures, LOGIN, restTrades, startFreqtrade, startSynchronising } from './synchronising.ts';

const { service, url, synced, shown, database, trades } = await startSynchronising();
const RATES = ['--quote-usd', 'EUR=1.08,BTC=97000'];
/** Orders that were filled, and both legs of a trade whose orders are gone. */
const FILLS = 53;

/** Trade 5 has a market order without an average price. freqtrade takes the limit of 0.55; 0.5481 was paid for 900, plus 0.1 %. */
const PAID_LESS = (0.55 - 0.5481) * 900 * 1.001;
const profit = figures.profit + PAID_LESS;

const summaries = async (bot_id: string) => {
  await service.call('POST /summaries', { body: { bot_id, from: '2026-03-01', to: '2026-03-05' } });
  return (await service.call('GET /comparison', { query: { bot_id } })).body.strategies;
};

describe('a database of freqtrade, from an empty service to the report', () => {
  const bot_id = 'whole';

  test('is sent completely, once', async () => {
    const file = await database();
    expect(await synced(file, '--bot', bot_id, ...RATES)).toMatchObject({
      code: 0,
      new: FILLS,
      links: FILLS,
      refused: [],
    });
    const again = { new: 0, corrected: 0, known: FILLS, links: 0, snapshots: 0, refused: [] };
    expect(await synced(file, '--bot', bot_id, ...RATES)).toMatchObject({ code: 0, ...again });
  });

  test('each closed trade has the profit and the exit reason that freqtrade has', async () => {
    const closed = await trades(bot_id);
    expect(figures.trades).toBe(12);
    for (const [id, profit] of Object.entries(figures.profits)) {
      expect(closed.get(id)?.pnl_usd, `trade ${id}`).toBeCloseTo(id === '5' ? profit + PAID_LESS : profit, 7);
      expect(closed.get(id)).toMatchObject({ exit_reason: figures.exit_reasons[id], attribution: 'link' });
    }
  });

  test('the totals, counts, win rate and profit factor are those of freqtrade', async () => {
    const file = await database("DELETE FROM trades WHERE stake_currency <> 'USDT'");
    await synced(file, '--bot', 'dollars');
    const strategies = await summaries('dollars');
    const total = (field: string) =>
      strategies.reduce((sum: number, each: Record<string, number>) => sum + (each[field] ?? 0), 0);
    expect(total('total_trades')).toBe(figures.trades);
    expect(total('winning_trades')).toBe(figures.winning);
    expect(total('total_pnl')).toBeCloseTo(profit, 6);

    const report = await service.call('GET /report', {
      query: { bot_id: 'dollars', date: '2026-03-02', format: 'text' },
    });
    // Trades 11 and 12 closed on the next day.
    const ofTheDay = profit - (figures.profits['11'] ?? 0) - (figures.profits['12'] ?? 0);
    expect(report.body).toContain(`$${ofTheDay.toFixed(2)}`);
  });

  test('in one strategy, also the win rate and the profit factor', async () => {
    const file = await database(
      "DELETE FROM trades WHERE stake_currency <> 'USDT'",
      "UPDATE trades SET strategy = 'Alpha'",
    );
    await synced(file, '--bot', 'one-strategy');
    const [only, ...others] = await summaries('one-strategy');
    expect(others).toEqual([]);
    const losses = (figures.profit_factor * figures.profit) / (figures.profit_factor - 1) - figures.profit;
    expect(only).toMatchObject({ notes: 'Alpha', total_trades: figures.trades, open_positions: 1 });
    expect(only.avg_win_rate).toBeCloseTo((100 * figures.winning) / figures.trades, 6);
    expect(only.avg_profit_factor).toBeCloseTo((figures.profit + losses) / losses + PAID_LESS / losses, 5);
  });

  test('its days are computed, so that the strategies can be compared at once', async () => {
    const file = await database("DELETE FROM trades WHERE stake_currency <> 'USDT'");
    await synced(file, '--bot', 'compared');
    const { body } = await service.call('GET /comparison', { query: { bot_id: 'compared' } });
    const closed = body.strategies.map(({ total_trades }: { total_trades: number }) => total_trades);
    expect(closed.reduce((sum: number, each: number) => sum + each, 0)).toBe(figures.trades);
  });

  test('each strategy has a snapshot from its first order on', async () => {
    const { body } = await service.call('GET /snapshots', { query: { bot_id } });
    expect(body.snapshots.map(({ notes, active_from }: Record<string, string>) => [notes, active_from])).toEqual([
      ['Alpha', '2026-03-03T20:40:00Z'],
      ['Beta', '2026-03-03T17:20:00Z'],
      ['Alpha', '2026-03-02T08:00:00Z'],
    ]);
  });
});

describe('of a trade of freqtrade', () => {
  test('a fee in the base coin leaves nothing open', async () => {
    const positions = await everyPage(service, 'GET /positions', { bot_id: 'whole' }, 'positions');
    const open = positions.filter(({ dust }: { dust: boolean }) => !dust);
    expect(open.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['LTC/USDT']);
    expect(positions.some(({ symbol }: { symbol: string }) => symbol === 'SOL/USDT')).toBe(false);
  });

  test('stakes in BTC and EUR are counted at their rates', async () => {
    const closed = [...(await trades('whole')).values()];
    const pnl = (symbol: string) => closed.find((trade) => trade.symbol === symbol)?.pnl_usd;
    expect(pnl('ETH/BTC')).toBeCloseTo((1.25 * (0.0533 - 0.0521) - 1.25 * (0.0533 + 0.0521) * 0.001) * 97_000, 6);
    expect(pnl('BTC/EUR')).toBeCloseTo((0.05 * (58802.25 - 59100.5) - 0.05 * (58802.25 + 59100.5) * 0.001) * 1.08, 6);
  });

  test('a stake without a rate is refused, with the option that gives one', async () => {
    const { code, refused, new: added } = await synced(await database(), '--bot', 'no-rates');
    expect({ code, added }).toEqual({ code: 1, added: FILLS - 4 });
    expect(refused).toHaveLength(4);
    expect(refused[0].reason).toContain('--quote-usd');
  });

  test('twenty buys and four exits are one trade', async () => {
    const trade = (await trades('whole')).get('6');
    const { body } = await service.call('GET /trades/{trade_id}', { path: { trade_id: String(trade?.trade_id) } });
    expect(body.orders).toHaveLength(24);
    expect(trade).toMatchObject({ symbol: 'ETH/USDT', size: 3.9, exit_reason: 'trailing_stop_loss' });
  });

  test('an order that is filled after its neighbour keeps its id', async () => {
    const late = "ft_pair = 'LINK/USDT' AND id = (SELECT min(id) FROM orders WHERE ft_pair = 'LINK/USDT')";
    const before = await database(`UPDATE orders SET ft_is_open = 1, filled = 0, status = 'open' WHERE ${late}`);
    expect(await synced(before, '--bot', 'late', ...RATES)).toMatchObject({ new: FILLS - 1, refused: [] });
    const then = { new: 1, corrected: 0, known: FILLS - 1, refused: [] };
    expect(await synced(await database(), '--bot', 'late', ...RATES)).toMatchObject(then);
    expect((await trades('late')).get('7')?.pnl_usd).toBeCloseTo(figures.profits['7'] ?? 0, 7);
  });

  test('an order that was amended is corrected', async () => {
    await synced(await database(), '--bot', 'amended', ...RATES);
    const amended = await database(
      "UPDATE orders SET average = 65000 WHERE ft_pair = 'BTC/USDT' AND ft_order_side = 'sell'",
    );
    expect(await synced(amended, '--bot', 'amended', ...RATES)).toMatchObject({
      code: 0,
      new: 0,
      corrected: 1,
      refused: [],
    });
    expect(await synced(amended, '--bot', 'amended', ...RATES)).toMatchObject({ corrected: 0, known: FILLS });
    const fees = 0.0123 * (64250.11 + 65000) * 0.001;
    expect((await trades('amended')).get('1')?.pnl_usd).toBeCloseTo(0.0123 * (65000 - 64250.11) - fees, 6);
  });

  test('an exit that only the row of the trade has closes it too', async () => {
    const exits = "DELETE FROM orders WHERE ft_pair IN ('BTC/USDT', 'ADA/USDT') AND ft_order_side <> 'buy'";
    expect(await synced(await database(exits), '--bot', 'rows', ...RATES)).toMatchObject({ new: FILLS, refused: [] });
    const closed = await trades('rows');
    for (const id of ['1', '4'])
      expect(closed.get(id)).toMatchObject({
        pnl_usd: expect.closeTo(figures.profits[id] ?? 0, 7),
        exit_reason: figures.exit_reasons[id],
      });
  });

  test('a database of an older version is read as far as it goes', async () => {
    const newer = ['contract_size', 'funding_fees', 'trading_mode', 'is_short', 'interest_rate', 'precision_mode'];
    const old = await database(
      "DELETE FROM trades WHERE is_short = 1 OR stake_currency <> 'USDT'",
      ...newer.map((column) => `ALTER TABLE trades DROP COLUMN ${column}`),
      ...['funding_fee', 'ft_order_tag', 'ft_fee_base'].map((column) => `ALTER TABLE orders DROP COLUMN ${column}`),
    );
    expect(await synced(old, '--bot', 'old')).toMatchObject({ code: 0, refused: [] });
    expect((await trades('old')).get('1')?.pnl_usd).toBeCloseTo(figures.profits['1'] ?? 0, 7);
  });

  test('what cannot be read is named, and does not stop the rest', async () => {
    const broken = await database("UPDATE orders SET ft_is_open = 'perhaps' WHERE ft_pair = 'BTC/USDT'");
    const { code, new: added, refused } = await synced(broken, '--bot', 'broken', ...RATES);
    expect({ code, added }).toEqual({ code: 1, added: FILLS - 2 });
    expect(refused).toEqual([{ id: 'trade 1', reason: expect.stringContaining('/orders/0/ft_is_open') }]);
    expect((await shown(broken, '--bot', 'broken', ...RATES)).stderr).toBe('1 record could not be sent.\n');
  });

  test('two databases of one strategy do not collide, whatever they call their orders', async () => {
    const file = await database();
    await synced(file, '--bot', 'both', '--name', 'one', ...RATES);
    expect(await synced(file, '--bot', 'both', '--name', 'two', ...RATES)).toMatchObject({ new: FILLS, corrected: 0 });
    const { body } = await service.call('GET /trades', { query: { bot_id: 'both', limit: 500 } });
    expect(body.trades).toHaveLength(2 * (figures.trades + 2));
  });

  test('interest of a margin trade is in the profit, long and short', async () => {
    const margin = (id: number, profit: number) =>
      `UPDATE trades SET trading_mode = 'MARGIN', funding_fees = 0, close_profit_abs = ${profit} WHERE id = ${id}`;
    await synced(await database(margin(1, 7.25), margin(8, 120.5)), '--bot', 'margin', ...RATES);
    const closed = await trades('margin');
    expect(closed.get('1')?.pnl_usd).toBeCloseTo(7.25, 9);
    expect(closed.get('8')?.pnl_usd).toBeCloseTo(120.5, 9);
  });

  test('the time before a bot’s own first snapshot belongs to the strategy that the trades name', async () => {
    const own = {
      bot_id: 'own',
      config: { strategy: 'Alpha', rsi: 1 },
      notes: 'Own',
      active_from: '2026-03-02T12:00:00Z',
    };
    await service.call('POST /snapshots', { body: own });
    expect(await synced(await database(), '--bot', 'own', ...RATES)).toMatchObject({ snapshots: 1 });
    const { body } = await service.call('GET /snapshots', { query: { bot_id: 'own' } });
    expect(body.snapshots).toMatchObject([
      { notes: 'Own', active_until: null },
      { notes: 'Alpha', active_from: '2026-03-02T08:00:00Z', active_until: '2026-03-02T12:00:00Z' },
    ]);
    expect(await synced(await database(), '--bot', 'own', ...RATES)).toMatchObject({ snapshots: 0 });
  });
});

describe('the REST API of freqtrade', () => {
  let now = restTrades;

  test('gives the same records as its database', async () => {
    const address = await startFreqtrade(() => now);
    Object.assign(process.env, LOGIN);
    expect(await synced(address, '--bot', 'rest', ...RATES)).toMatchObject({ code: 0, new: FILLS, refused: [] });
    const same = { code: 0, new: 0, corrected: 0, known: FILLS, links: 0, refused: [] };
    expect(await synced(await database(), '--bot', 'rest', ...RATES)).toMatchObject(same);
    expect((await trades('rest')).get('5')?.pnl_usd).toBeCloseTo((figures.profits['5'] ?? 0) + PAID_LESS, 6);
    const { body } = await service.call('GET /snapshots/current', { query: { bot_id: 'rest' } });
    expect(body.config).toMatchObject({ strategy: 'Beta', minimal_roi: { '0': 0.04 }, stoploss: -0.1 });
  });

  test('that refuses the login, is away or is something else is reported', async () => {
    const address = await startFreqtrade(() => now);
    process.env.FREQTRADE_PASSWORD = 'wrong';
    expect(await shown(address)).toMatchObject({ code: 1, stderr: expect.stringContaining('FREQTRADE_PASSWORD') });
    expect(await shown('http://127.0.0.1:9')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not answer'),
    });
    expect(await shown(url)).toMatchObject({ code: 1, stderr: expect.stringContaining('404') });
    Object.assign(process.env, LOGIN);
  });

  test('is followed: what is filled later is sent later', async () => {
    now = restTrades.slice(0, 3);
    const address = await startFreqtrade(() => now);
    let lines = '';
    const following = strategyProcess(
      ['sync', 'freqtrade', address, '--url', url, '--bot', 'followed', '--follow', '--every', '1'],
      LOGIN,
      {
        onOutput: (text, child) => {
          lines += text;
          now = restTrades.slice(0, 4);
          if (lines.includes('2 new fills')) child.kill('SIGINT');
        },
      },
    );
    expect(await following).toMatchObject({ stdout: expect.stringMatching(/6 new fills.*\n.*2 new fills/) });
    expect(await trades('followed')).toHaveProperty('size', 4);
    const { body } = await service.call('GET /comparison', { query: { bot_id: 'followed' } });
    const closed = body.strategies.map(({ total_trades }: { total_trades: number }) => total_trades);
    expect(closed.reduce((sum: number, each: number) => sum + each, 0)).toBe(4);
  });
});

test('wrong input is refused with a reason', async () => {
  const run = (...args: readonly string[]) => strategy(['sync', ...args]);
  expect(await run('freqtrade', '/nowhere.sqlite')).toMatchObject({
    code: 1,
    stderr: 'there is no file /nowhere.sqlite\n',
  });
  expect(await run('freqtrade', 'package.json')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not a database'),
  });
  expect(await run('octobot', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('freqtrade') });
  expect(await run('freqtrade')).toMatchObject({ code: 2, stderr: expect.stringContaining('missing operand') });
  expect(await run('freqtrade', 'x', '--quote-usd', 'EUR')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('EUR=1.08'),
  });
  expect((await run('freqtrade', 'x', '--every', '0')).stderr).toContain('at least 1');
});
