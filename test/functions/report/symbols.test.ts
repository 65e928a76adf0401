import { beforeAll, describe, expect, test } from 'vitest';
import type { SymbolEvidence, Symbols } from '../../../functions/report/contract.ts';
import { evidenceOn } from '../../../functions/report/symbols/evidence.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { poisson, randomOf, spreads } from '../../simulation/random.ts';
import { startService } from '../../support/service.ts';
import { type SlowTrade, slowEvidence } from './slow-symbols.ts';

const { call } = await startService();

/** Mean P&L per trade and trades a day, by symbol. A rare one has too few trades, and one wins too rarely to be judged. */
const market = {
  'BAD-USD': { mean: -0.6, trades: 4 },
  'EVEN-USD': { mean: 0, trades: 4 },
  'GOOD-USD': { mean: 0.7, trades: 3 },
  'RARE-USD': { mean: -3, trades: 0.3 },
  'SLOW-USD': { mean: -0.7, trades: 3, hold_seconds: 100_000 },
  'LOSER-USD': { mean: -9, trades: 2 },
};
type Traded = keyof typeof market;
const FIRST = '2026-01-01';
const DAYS = 45;
/** The last day of the first period of the settings; others follow for three days, and then the same ones again. */
const [left, returned] = [25, 28];
const played: (SlowTrade & { readonly settings: 'tested' | 'others' })[] = [];

const reported = async (query: Record<string, string> = {}): Promise<Symbols> =>
  (await call('GET /report', { query: { date: dayAfter(FIRST, DAYS - 1), format: 'json', ...query } })).body.bots[0]
    .symbols;

beforeAll(async () => {
  for (const [i, day] of [0, left, returned].entries())
    await call('POST /snapshots', {
      body: { config: { a: i % 2 }, active_from: `${dayAfter(FIRST, day)}T00:00:00Z` },
    });
  const random = randomOf(11);
  const fills: object[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const market_usd = 0.3 * random.normal();
    for (const [symbol, { mean, trades, ...more }] of Object.entries(market)) {
      const hold_seconds = 'hold_seconds' in more ? more.hold_seconds : 600;
      for (let n = poisson(random, trades); n > 0; n -= 1) {
        const pnl = Number((mean + market_usd + random.normal()).toFixed(4));
        const opened = Date.parse(dayAfter(FIRST, day)) + Math.floor(random.uniform() * 80_000) * 1000;
        const closed = new Date(opened + hold_seconds * 1000).toISOString();
        const id = `${symbol}-${fills.length}`;
        const fill = { symbol, size: '1', fee_usd: '0', position_id: id };
        fills.push(
          {
            ...fill,
            fill_id: `${id}-b`,
            order_id: `${id}-b`,
            side: 'buy',
            price: '100',
            filled_at: new Date(opened).toISOString(),
          },
          {
            ...fill,
            fill_id: `${id}-s`,
            order_id: `${id}-s`,
            side: 'sell',
            price: (100 + pnl).toFixed(4),
            filled_at: closed,
          },
        );
        const settings = day >= left && day < returned ? 'others' : 'tested';
        played.push({ symbol, pnl, hold_seconds, closed_on: closed.slice(0, 10), settings });
      }
    }
  }
  for (let i = 0; i < fills.length; i += 1000) await call('POST /fills', { body: fills.slice(i, i + 1000) });
});

describe('the symbols of the active configuration', () => {
  const slow = (symbol: string, symbols: number, through = dayAfter(FIRST, DAYS - 1)) =>
    slowEvidence(
      played.filter((trade) => trade.symbol === symbol && trade.settings === 'tested' && trade.closed_on <= through),
      FIRST,
      symbols,
    );
  const expectEqual = (evidence: SymbolEvidence | undefined, symbols: number, through?: string) => {
    const expected = slow(evidence?.symbol ?? '', symbols, through);
    expect(evidence).toMatchObject({ days: expected?.days, total_trades: expected?.trades });
    expect(evidence?.expectancy_usd).toBeCloseTo(expected?.theta ?? Number.NaN, 9);
    expect(evidence?.lower_usd).toBeCloseTo(expected?.lower ?? Number.NaN, 9);
    expect(evidence?.upper_usd).toBeCloseTo(expected?.upper ?? Number.NaN, 9);
  };

  test('are worth excluding or keeping where the interval says so, as the slow reference computes it', async () => {
    const { traded, measured, alpha, losing, earning } = await reported();
    expect({ traded, alpha }).toEqual({ traded: 6, alpha: 0.05 / 6 });
    expect(measured).toBe(Object.keys(market).filter((symbol) => slow(symbol, 6)).length);
    expect(losing.map(({ symbol }) => symbol).toSorted()).toEqual(['BAD-USD', 'SLOW-USD']);
    expect(earning.map(({ symbol }) => symbol)).toEqual(['GOOD-USD']);
    for (const each of [...losing, ...earning]) expectEqual(each, 6);
  });

  test('share one error rate: alone, one would have a narrower interval', async () => {
    const { losing } = await reported();
    const bad = losing.find(({ symbol }) => symbol === 'BAD-USD');
    expect(bad?.upper_usd).toBeGreaterThan(slow('BAD-USD', 1)?.upper ?? Number.NaN);
  });

  test('are measured up to the day of the report, in both periods of the configuration, and not under other settings', async () => {
    const date = dayAfter(FIRST, DAYS - 4);
    const { losing } = await reported({ date });
    expect(losing).not.toEqual([]);
    for (const each of losing) expectEqual(each, 6, date);
    const others = await reported({ date: dayAfter(FIRST, left + 1) });
    expect(others).toMatchObject({ measured: 0, losing: [], earning: [] });
  });

  test('leave out the first days when trades are held for long', async () => {
    const { losing } = await reported();
    const days = (symbol: Traded) => losing.find((each) => each.symbol === symbol)?.days ?? 0;
    const all = new Set(
      played.filter((t) => t.symbol === 'SLOW-USD' && t.settings === 'tested').map((t) => t.closed_on),
    );
    expect(days('SLOW-USD')).toBeLessThan(all.size);
  });

  test('are in the full report and in the weekly review with their interval, or else nothing stands out', async () => {
    const text = async (query: Record<string, string>) =>
      (
        await call('GET /report', {
          query: { date: dayAfter(FIRST, DAYS - 1), format: 'text', detail: 'full', ...query },
        })
      ).body.replaceAll(/\s+/g, ' ');
    for (const kind of ['daily', 'weekly'])
      expect(await text({ kind })).toMatch(
        /Worth excluding: BAD-USD\. It loses \$0\.\d\d per trade, likely range -\$\d\.\d\d to -\$0\.\d\d \(\d+ trades on 41 days\)\./,
      );
    expect(await text({ date: dayAfter(FIRST, left + 1) })).toMatch(
      /Nothing stands out yet: \d symbols have too few days or trades\./,
    );
  });
});

describe('the interval of a symbol without an edge', () => {
  /** The share of runs in which it excludes 0 on any of 60 days. */
  function falseRate(runs: number, spread: keyof typeof spreads, trades: number): number {
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const random = randomOf(1000 + run);
      const days: { trades: number; winning: number; losing: number; pnl: number }[] = [];
      for (let day = 0; day < 60; day += 1) {
        const n = poisson(random, trades);
        const shock = 0.3 * random.normal();
        const pnl = Array.from({ length: n }, () => spreads[spread](random) + shock);
        if (n > 0)
          days.push({
            trades: n,
            winning: pnl.filter((usd) => usd > 0.01).length,
            losing: pnl.filter((usd) => usd < -0.01).length,
            pnl: pnl.reduce((sum, usd) => sum + usd, 0),
          });
        const evidence = evidenceOn(days, 0.05);
        if (evidence && (evidence.lower_usd > 0 || evidence.upper_usd < 0)) {
          wrong += 1;
          break;
        }
      }
    }
    return wrong / runs;
  }

  test.for(['symmetric', 'heavy', 'skewed'] as const)(
    'excludes 0 in fewer than one in twenty %s histories, looked at daily',
    (spread) => {
      expect(falseRate(200, spread, 6)).toBeLessThan(0.05);
    },
  );
});
