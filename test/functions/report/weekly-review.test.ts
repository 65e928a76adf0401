import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const [monday, sunday] = ['2026-06-01', '2026-06-07'];

interface Traded {
  readonly symbol?: string;
  readonly date?: string;
  readonly hour?: number;
  readonly pnl: number;
  /** The signal of the buy. */
  readonly signal?: object;
  /** The signal of a second, smaller buy of the same trade. */
  readonly also?: object;
}

/** Records trades of one unit each, bought at 100 USD, with their links. */
async function trade(bot_id: string, trades: readonly Traded[]): Promise<void> {
  const all = trades.map(({ symbol = 'BTC-USD', date = monday, hour = 1, pnl, signal, also }, i) => {
    const id = `${symbol}-${date}-${i}`;
    const at = (minute: string) => `${date}T${String(hour).padStart(2, '0')}:${minute}:00Z`;
    const fill = { bot_id, symbol: `${symbol}${i}-USD`, fee_usd: '0', price: '100' };
    const buys = [
      { ...fill, fill_id: `${id}-a`, order_id: `${id}-a`, side: 'buy', size: '0.7', filled_at: at('00') },
      { ...fill, fill_id: `${id}-b`, order_id: `${id}-b`, side: 'buy', size: '0.3', filled_at: at('01') },
    ];
    const sell = {
      ...fill,
      fill_id: `${id}-s`,
      order_id: `${id}-s`,
      side: 'sell',
      size: '1',
      price: String(100 + pnl),
      filled_at: at('30'),
    };
    const links = [
      ...(signal ? [{ bot_id, order_id: `${id}-a`, signal_time: at('00'), ...signal }] : []),
      ...(also ? [{ bot_id, order_id: `${id}-b`, signal_time: at('01'), ...also }] : []),
    ];
    return { fills: [...buys, sell], links };
  });
  // One symbol per trade, so that a sell closes only its own buys. The caller restores the symbol where it matters.
  await service.call('POST /fills', { body: all.flatMap(({ fills }) => fills) });
  const links = all.flatMap(({ links }) => links);
  if (links.length > 0) expect((await service.call('POST /trade-links', { body: links })).body.rejected).toEqual([]);
}
const snapshot = (bot_id: string, active_from: string, config: object = {}) =>
  service.call('POST /snapshots', {
    body: { bot_id, config, active_from: `${active_from}T00:00:00Z`, notes: active_from },
  });
const review = async (bot_id: string, format = 'json', date = sunday) =>
  (await service.call('GET /report', { query: { detail: 'full', bot_id, format, date, kind: 'weekly' } })).body;
const sectionOf = async (bot_id: string) => (await review(bot_id)).bots[0];

describe('the weekly review', () => {
  test('compares the week with the week before and the baseline', async () => {
    await snapshot('weeks', '2026-05-01', { rsi: 2.5 });
    await trade('weeks', [
      { date: '2026-05-20', pnl: -3 },
      { date: '2026-05-31', pnl: 7 },
    ]);
    await snapshot('weeks', monday, { rsi: 1.5 });
    await trade('weeks', [
      { date: monday, pnl: 5 },
      { date: sunday, hour: 23, pnl: -1 },
      { date: '2026-06-08', hour: 0, pnl: 99 },
    ]);
    const { week, week_before, verdict, days } = await sectionOf('weeks');
    expect(week).toMatchObject({ from: monday, to: sunday, total_trades: 2, total_pnl_usd: 4, profit_factor: 5 });
    expect(week_before).toMatchObject({ from: '2026-05-25', to: '2026-05-31', total_trades: 1, total_pnl_usd: 7 });
    expect(verdict.expectancy.baseline).toBe(2);
    expect(days).toHaveLength(14);
    const text = await review('weeks', 'text');
    expect(text).toContain('seven days to Sunday, 7 June 2026');
    expect(text).toMatch(/P&L per day +\$0\.57 +\$1\.00 +\$0\.13\n/);
    expect(text).toMatch(/Trades +2 +1 +2\n/);
  });

  test('groups trades by score relative to the snapshot’s own buy target, by number of indicators and by indicator', async () => {
    await snapshot('signals', monday, { score_buy_target: 5.5 });
    const signalOf = (score: number, indicator_breakdown: object) => ({
      signal_data: { Score: { 'Buy Score': score, 'Sell Score': 1 }, trigger: 'score', indicator_breakdown },
    });
    await trade('signals', [
      { pnl: 1, signal: signalOf(5.4, { rsi: 2, roc: -1 }) },
      { pnl: 2, signal: signalOf(5.5, { rsi: 2, roc: 1 }), also: signalOf(9, { macd: 9 }) },
      { pnl: -4, signal: signalOf(7.5, { roc: 1 }) },
      { pnl: 8 },
    ]);
    const { by_score, by_indicator_count, by_indicator } = await sectionOf('signals');
    const named = (groups: Record<string, unknown>[]) =>
      Object.fromEntries(
        groups.map(({ name, total_trades, total_pnl_usd }) => [String(name), [total_trades, total_pnl_usd]]),
      );
    expect(named(by_score)).toEqual({ 0: [1, 1], 1: [1, 2], 4: [1, -4], null: [1, 8] });
    expect(named(by_indicator_count)).toEqual({ 1: [2, -3], 2: [1, 2], null: [1, 8] });
    expect(named(by_indicator)).toEqual({ rsi: [2, 3], roc: [2, -2] });
    const text = await review('signals', 'text');
    expect(text).toMatch(/below the target +1 +100\.0 % +\$1\.00/);
    expect(text).toMatch(/2 or more above +1 +0\.0 % +-\$4\.00/);
  });

  test('takes the signal of a trade from its largest buy, however many fills that has', async () => {
    await snapshot('several-fills', monday, { score_buy_target: 5.5 });
    const fill = { bot_id: 'several-fills', symbol: 'DOT-USD', fee_usd: '0', price: '1', side: 'buy' };
    const at = (minute: number) => `${monday}T10:0${minute}:00Z`;
    await service.call('POST /fills', {
      body: [
        ...[0, 1, 2].map((i) => ({ ...fill, fill_id: `x${i}`, order_id: 'x', size: '20', filled_at: at(i) })),
        { ...fill, fill_id: 'y', order_id: 'y', size: '30', filled_at: at(3) },
        { ...fill, fill_id: 's', order_id: 's', side: 'sell', price: '1.1', size: '90', filled_at: at(4) },
      ],
    });
    await service.call('POST /trade-links', {
      body: [
        { bot_id: 'several-fills', order_id: 'x', indicator_breakdown: { large: 1 }, signal_time: at(0) },
        { bot_id: 'several-fills', order_id: 'y', indicator_breakdown: { small: 1 }, signal_time: at(3) },
      ],
    });
    expect((await sectionOf('several-fills')).by_indicator).toMatchObject([
      { name: 'large', total_trades: 1, total_pnl_usd: 9 },
    ]);
  });

  test('says when a week has no trades', async () => {
    await snapshot('quiet', monday);
    for (const format of ['text', 'html']) {
      const text = await review('quiet', format);
      expect(text).toContain('No orders were filled and no trades closed.');
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});
