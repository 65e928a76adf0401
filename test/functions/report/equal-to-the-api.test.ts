import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { recordsOf } from '../../../cli/demo/records.ts';
import { drawTrades } from '../../../cli/demo/trades.ts';
import type { Strategy } from '../../../functions/comparison/contract.ts';
import { figureNames, figures } from '../../../functions/comparison/figures.ts';
import type { Verdict } from '../../../functions/comparison/verdict/contract.ts';
import { count, factor, percent, points, usd } from '../../../functions/formatting.ts';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { dayAfter, shortDay } from '../../../functions/summaries/days.ts';
import { BREAKEVEN_USD } from '../../support/reference.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const service = await startService();
/** Days of each strategy; the generated trades fall on every one of them. */
const DAYS = 9;
const today = new Date().toISOString().slice(0, 10);
const [first, change, yesterday] = [dayAfter(today, -2 * DAYS), dayAfter(today, -DAYS), dayAfter(today, -1)];
const get = async (route: string, query: Record<string, string> = {}) => (await service.call(route, { query })).body;

/** The sums of one or more summary rows. */
interface Sums {
  readonly total_trades: number;
  readonly winning_trades: number;
  readonly fast_exits_count: number;
  readonly total_pnl_usd: number;
  readonly gross_profit_usd: number;
  readonly gross_loss_usd: number;
}

beforeAll(async () => {
  for (const [i, active_from] of [first, change].entries()) {
    const config = { rsi: 2.5 - i };
    await service.call('POST /snapshots', {
      body: { config, notes: `settings ${i}`, active_from: `${active_from}T00:00:00Z` },
    });
    const trades = drawTrades({
      seed: 7 + i,
      days: DAYS,
      winning: { trades: 70, pnl: 400_000 + 300_000 * i },
      losing: { trades: 80, pnl: 300_000 },
      fastExits: 6,
    });
    const records = trades.map((trade, n) =>
      recordsOf(trade, `${i}-${n}`, Date.parse(dayAfter(active_from, trade.day))),
    );
    await service.call('POST /fills', { body: records.flatMap(({ fills }) => fills) });
    await service.call('POST /trade-links', { body: records.flatMap(({ links }) => links) });
  }
  const open = { symbol: 'LTC-USD', side: 'buy', price: '70', size: '2', fee_usd: '0.14', order_id: 'held' };
  await service.call('POST /fills', { body: { ...open, fill_id: 'held', filled_at: `${yesterday}T23:59:00Z` } });
  await service.call('POST /summaries', { body: { from: first, to: yesterday } });
});

/** The contents of a report's page; tables are found by their captions. */
async function pageOf(kind: string) {
  const { document } = parseHTML(await get('GET /report', { detail: 'full', kind }));
  const captions = [...document.querySelectorAll('caption')];
  const textOf = ({ textContent }: { textContent: string | null }) => textContent ?? '';
  return {
    text: textOf(document.body),
    alternatives: [...document.querySelectorAll('img')].map((img) => img.getAttribute('alt') ?? ''),
    headline: [...document.querySelectorAll('h2 ~ table div')].slice(0, 6).map(textOf),
    /** The rows below the header. */
    rows(caption: string): string[][] {
      const table = captions.find((each) => textOf(each).startsWith(caption))?.closest('table');
      const rows = [...(table?.querySelectorAll('tr') ?? [])].map((row) =>
        [...row.querySelectorAll('th, td')].map(textOf),
      );
      expect(rows.length, caption).toBeGreaterThan(1);
      return rows.slice(1);
    },
  };
}

const sumsOf = (rows: readonly Sums[], field: keyof Sums): number => rows.reduce((sum, row) => sum + row[field], 0);
const summariesOf = async (from: string, to: string): Promise<Sums[]> =>
  (await get('GET /summaries', { from, to })).summaries;

function expectCards(rows: (caption: string) => string[][], strategies: readonly Strategy[]): void {
  for (const strategy of strategies) {
    // Labels and values take turns, row by row; the label of the first row is the table's head.
    const [first = [], ...others] = rows(strategy.notes ?? '');
    const values = [first, ...others.filter((_, i) => i % 2 === 1)].flat();
    expect(values.filter((value) => value !== '')).toEqual([
      count(strategy.days_active),
      count(strategy.total_trades),
      percent(strategy.avg_win_rate),
      usd(strategy.total_pnl),
      factor(strategy.avg_profit_factor),
      usd(strategy.avg_expectancy),
      ...figureNames.filter((name) => figures[name].onCard).map((name) => figures[name].format(strategy[name])),
      strategy.open_positions === 0 ? '0' : `${count(strategy.open_positions)} (${usd(strategy.open_cost_usd)})`,
    ]);
    expect(others.flat()).toEqual(expect.arrayContaining(['Profit factor', 'Expectancy', 'Fast exits', 'Open']));
  }
}

/** The rows of a table of trade groups, computed from GET /trades. */
async function tradedBy(
  of: (trade: { symbol: string; closed_at: string }) => string,
  from: string,
): Promise<string[][]> {
  const { trades } = await get('GET /trades', { from: `${from}T00:00:00Z`, limit: '500' });
  const groups = Map.groupBy<string, { symbol: string; closed_at: string; pnl_usd: number }>(trades, of);
  return [...groups].map(([name, all]) => {
    const pnl = all.reduce((sum, { pnl_usd }) => sum + pnl_usd, 0);
    const won = all.filter(({ pnl_usd }) => pnl_usd > BREAKEVEN_USD).length;
    return [name, count(all.length), percent((won / all.length) * 100), usd(pnl), usd(pnl / all.length)];
  });
}

describe('every number of the daily report equals the API’s:', () => {
  test('of the strategies, in cards and in the alternative text of the chart', async () => {
    const { rows, alternatives } = await pageOf('daily');
    const { strategies }: { strategies: Strategy[] } = await get('GET /comparison');
    expect(strategies.map(({ days_active, open_positions }) => [days_active, open_positions])).toEqual([
      [DAYS, 1],
      [DAYS, 0],
    ]);
    expectCards(rows, strategies);
    for (const { total_pnl } of strategies)
      expect(alternatives[0]).toContain(`at ${usd(total_pnl)} after ${DAYS} calendar days`);
  });

  test('of baseline and candidate, with differences, intervals, targets and looks', async () => {
    const { rows, text, alternatives } = await pageOf('daily');
    const { verdict, strategies }: { verdict: Verdict; strategies: Strategy[] } = await get('GET /comparison');
    const { expectancy, win_rate, profit_factor } = verdict;
    type Both = { readonly baseline: number | null; readonly candidate: number | null };
    const row = (
      name: string,
      write: (value: number | null) => string,
      { baseline, candidate }: Both,
      difference = '',
    ) => [name, write(baseline), write(candidate), difference];
    expect(rows('Baseline and candidate')).toEqual([
      row('Expectancy', usd, expectancy, usd(expectancy.difference)),
      row('Win rate', percent, win_rate, points(win_rate.difference)),
      row('Profit factor', factor, profit_factor, `× ${factor(profit_factor.ratio)}`),
      ...figureNames.map((name) => row(figures[name].label, figures[name].format, verdict[name])),
      row('Days with trades', count, verdict.days),
      row('Trades', count, verdict.trades),
    ]);
    expect(rows('The interval')).toEqual([
      ['Expectancy', usd(expectancy.lower), usd(expectancy.upper)],
      ['Win rate', points(win_rate.lower), points(win_rate.upper)],
      ['Profit factor', `× ${factor(profit_factor.lower)}`, `× ${factor(profit_factor.upper)}`],
    ]);
    expect(rows('Targets').map(([, , reached]) => reached)).toEqual([
      percent(strategies[0]?.avg_win_rate ?? null),
      factor(strategies[0]?.avg_profit_factor ?? null),
      usd(strategies[0]?.avg_expectancy ?? null),
      percent(strategies[0]?.fast_exit_rate ?? null),
    ]);
    const { looks } = await get('GET /comparison/history');
    expect(rows('Difference in expectancy')).toEqual(
      looks
        .slice(-5)
        .map((look: { date: string; difference: number; lower: number; upper: number }) => [
          shortDay(look.date),
          usd(look.difference),
          usd(look.lower),
          usd(look.upper),
        ]),
    );
    expect(text).toContain(verdict.summary);
    expect(alternatives[1]).toContain(`${usd(expectancy.difference)} per trade at the last look`);
    expect(alternatives[1]).toContain(`with an interval from ${usd(expectancy.lower)} to ${usd(expectancy.upper)}`);
  });

  test('of the day, in the headline and by symbol and hour', async () => {
    const { rows, headline } = await pageOf('daily');
    const day = await summariesOf(yesterday, yesterday);
    const [trades, won] = [sumsOf(day, 'total_trades'), sumsOf(day, 'winning_trades')];
    expect(headline).toEqual([
      'P&L of the day',
      usd(sumsOf(day, 'total_pnl_usd')),
      'Trades',
      count(trades),
      'Win rate',
      percent((won / trades) * 100),
    ]);
    expect(rows('By symbol').toSorted()).toEqual((await tradedBy(({ symbol }) => symbol, yesterday)).toSorted());
    expect(rows('By hour')).toEqual(
      (await tradedBy(({ closed_at }) => `${closed_at.slice(11, 13)}:00`, yesterday)).toSorted(),
    );
  });
});

describe('every number of the weekly review equals the API’s:', () => {
  const weeks = [
    [dayAfter(yesterday, -6), yesterday],
    [dayAfter(yesterday, -13), dayAfter(yesterday, -7)],
  ] as const;

  test('of the week, the week before and the baseline', async () => {
    const { rows, headline } = await pageOf('weekly');
    const { verdict }: { verdict: Verdict } = await get('GET /comparison');
    const [week = [], before = []] = await Promise.all(weeks.map(([from, to]) => summariesOf(from, to)));
    const row = (name: string, of: (rows: readonly Sums[]) => string, baseline: string) => [
      name,
      of(week),
      of(before),
      baseline,
    ];
    const ratio = (a: keyof Sums, b: keyof Sums) => (rows: readonly Sums[]) => sumsOf(rows, a) / sumsOf(rows, b);
    const rate = (field: keyof Sums) => (rows: readonly Sums[]) => percent(100 * ratio(field, 'total_trades')(rows));
    expect(rows('This week, the week before')).toEqual([
      row('P&L per day', (of) => usd(sumsOf(of, 'total_pnl_usd') / 7), usd(verdict.pnl_per_day_usd.baseline)),
      row('P&L', (of) => usd(sumsOf(of, 'total_pnl_usd')), ''),
      row('Trades', (of) => count(sumsOf(of, 'total_trades')), count(verdict.trades.baseline)),
      row('Win rate', rate('winning_trades'), percent(verdict.win_rate.baseline)),
      row(
        'Profit factor',
        (of) => factor(ratio('gross_profit_usd', 'gross_loss_usd')(of)),
        factor(verdict.profit_factor.baseline),
      ),
      row('Expectancy', (of) => usd(ratio('total_pnl_usd', 'total_trades')(of)), usd(verdict.expectancy.baseline)),
      row('Fast exits', rate('fast_exits_count'), percent(verdict.fast_exit_rate.baseline)),
    ]);
    expect(headline[1]).toBe(usd(sumsOf(week, 'total_pnl_usd')));
  });

  test('of each day, symbol and hour, and of the strategies', async () => {
    const { rows, alternatives } = await pageOf('weekly');
    const days = Array.from({ length: 14 }, (_, i) => dayAfter(yesterday, i - 13));
    const sums = await Promise.all(days.map((day) => summariesOf(day, day)));
    expect(rows('P&L by day')).toEqual(
      days.map((day, i) => [
        shortDay(day),
        count(sumsOf(sums[i] ?? [], 'total_trades')),
        usd(sumsOf(sums[i] ?? [], 'total_pnl_usd')),
      ]),
    );
    expect(rows('By symbol').toSorted()).toEqual((await tradedBy(({ symbol }) => symbol, weeks[0][0])).toSorted());
    const hours = (await tradedBy(({ closed_at }) => `${closed_at.slice(11, 13)}:00`, weeks[0][0])).toSorted();
    expect(rows('By hour')).toEqual(hours);
    expect(alternatives[1]).toContain(`in ${hours.length} hours with trades`);
    expectCards(rows, (await get('GET /comparison')).strategies);
  });
});

test.each(['daily', 'weekly'])('every figure in the text of the %s report is also on its page', async (kind) => {
  const { document } = parseHTML(await get('GET /report', { detail: 'full', kind }));
  const figures = (of: string) => of.match(/-?\$[\d,.]*\d|\d[\d,.]* ?%/g) ?? [];
  const texts = [...document.querySelectorAll('td, th, p, li, dd, div, caption')].map(
    ({ textContent }) => textContent ?? '',
  );
  const onPage = new Set(
    [...texts, ...[...document.querySelectorAll('img')].map((img) => img.getAttribute('alt') ?? '')].flatMap(figures),
  );
  const inText = figures(await get('GET /report', { detail: 'full', kind, format: 'text' }));
  expect(inText.length).toBeGreaterThan(100);
  expect(inText.filter((figure) => !onPage.has(figure))).toEqual([]);
});
