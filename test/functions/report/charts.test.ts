import { describe, expect, test } from 'vitest';
import type { Look } from '../../../functions/comparison/contract.ts';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { daysChart } from '../../../functions/report/charts/days.ts';
import { differenceChart } from '../../../functions/report/charts/difference.ts';
import { type Curve, curvesChart } from '../../../functions/report/charts/equity-curves.ts';
import { hoursChart } from '../../../functions/report/charts/hours.ts';
import { moneyAxis } from '../../../functions/report/charts/money-axis.ts';
import { pngOf } from '../../../functions/report/charts/png.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';

const FIRST = '2026-11-09';

const curve = (name: string, last: number, { days = 7, active = false } = {}): Curve => ({
  snapshot_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  name,
  active,
  points: Array.from({ length: days }, (_, i) => ({ day: i + 1, pnl_usd: (last * (i + 1)) / days })),
});
const lookOn = (n: number, difference: number | null, reach: number | null): Look => ({
  date: dayAfter(FIRST, n),
  difference,
  lower: difference === null || reach === null ? null : difference - reach,
  upper: difference === null || reach === null ? null : difference + reach,
  p: null,
  p_now: null,
});
const dayOn = (n: number, total_pnl_usd: number) => ({ date: dayAfter(FIRST, n), total_pnl_usd });
const hourAt = (hour: number, total_pnl_usd: number, trades = 3) => ({ hour, total_pnl_usd, trades });

function present(chart: Chart | null): Chart {
  if (!chart) throw new Error('nothing to draw');
  return chart;
}
const textsOf = (chart: Chart): string[] =>
  [...chart.svg().matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);

const charts = {
  curves: present(curvesChart([curve('Baseline', 5.18), curve('Test', 18.45, { active: true })])),
  difference: present(
    differenceChart({
      looks: [lookOn(0, 0.4, null), lookOn(1, 0.3, 40), lookOn(2, null, null), lookOn(5, 0.35, 0.1)],
      material_usd: 0.05,
      decided_on: dayAfter(FIRST, 5),
    }),
  ),
  days: present(daysChart([dayOn(0, 12.5), dayOn(6, -3), dayOn(7, 4.2), dayOn(12, -8.75), dayOn(13, 0)])),
  hours: present(hoursChart([hourAt(8, 22.5, 12), hourAt(9, 1), hourAt(16, -31.2, 1)])),
};

describe('a chart of a report', () => {
  test.each(Object.entries(charts))('%s: is a PNG at twice its size', async (id, chart) => {
    expect(chart).toMatchObject({ id, width: 480 });
    const png = await pngOf(chart);
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(png.subarray(12, 16).toString()).toBe('IHDR');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([chart.width * 2, chart.height * 2]);
  });

  test.each(Object.entries(charts))('%s: shows its text, not only its lines', async (_, chart) => {
    const silent = { ...chart, svg: () => chart.svg().replaceAll(/<text.*?<\/text>/g, '') };
    expect((await pngOf(chart)).length).toBeGreaterThan((await pngOf(silent)).length + 3000);
  });

  test.each(Object.entries(charts))('%s: is legible on white, and self-contained', (_, chart) => {
    const svg = chart.svg();
    const texts = [...svg.matchAll(/<g[^>]*font-size="(\d+)"[^>]*>/g)];
    expect(texts.length).toBeGreaterThan(3);
    for (const [group, size] of texts) {
      expect(Number(size)).toBeGreaterThanOrEqual(20);
      expect(contrastOnWhite(/fill="(#\w{6})"/.exec(group)?.[1] ?? '')).toBeGreaterThanOrEqual(4.5);
    }
    expect(svg).not.toMatch(/<style|class=|currentColor|var\(|url\(|href|\bid=/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('is the same each time it is drawn', () => {
    for (const chart of Object.values(charts)) expect(chart.svg()).toBe(chart.svg());
  });
});

describe('the alternative text of a chart says', () => {
  test('for the curves: where each ends, and after how many days', () => {
    expect(charts.curves.alt).toBe(
      'Cumulative P&L by calendar day of each strategy: Baseline ends at $5.18 after 7 calendar days, Test at $18.45 after 7 calendar days.',
    );
  });

  test('for the difference: the last look, its interval, what is material, and when it was decided', () => {
    expect(charts.difference.alt).toBe(
      'Difference in expectancy, candidate minus baseline, from 9 Nov to 14 Nov: $0.35 per trade at the last look, with an interval from $0.25 to $0.45. A difference of $0.05 or more is material. Decided on 14 Nov.',
    );
    const unbounded = { looks: [lookOn(0, 1, null), lookOn(400, 2, null)], material_usd: 0.005, decided_on: null };
    expect(differenceChart(unbounded)?.alt).toBe(
      'Difference in expectancy, candidate minus baseline, from 9 Nov 2026 to 14 Dec 2027: $2.00 per trade at the last look, with no bound on its interval yet. A difference of $0.005 or more is material.',
    );
  });

  test('for the days: the P&L of each week, with its best and worst day', () => {
    expect(charts.days.alt).toBe(
      'P&L by day: the week, 16–22 Nov, -$4.55 in all, highest Mon, 16 Nov with $4.20, lowest Sat, 21 Nov with -$8.75; the week before, 9–15 Nov, $9.50 in all, highest Mon, 9 Nov with $12.50, lowest Sun, 15 Nov with -$3.00.',
    );
  });

  test('for the days: a best and a worst day only among those with a strategy', () => {
    expect(daysChart([dayOn(12, 2), dayOn(13, 3)])?.alt).toBe(
      'P&L by day: the week, 16–22 Nov, $5.00 in all, highest Sun, 22 Nov with $3.00, lowest Sat, 21 Nov with $2.00.',
    );
  });

  test('for the hours: the best and the worst, with their trades', () => {
    expect(charts.hours.alt).toBe(
      'P&L by hour of the day, in 3 hours with trades: highest 08:00 with $22.50 in 12 trades, lowest 16:00 with -$31.20 in 1 trade.',
    );
    expect(hoursChart([hourAt(4, -1, 1)])?.alt).toBe(
      'P&L by hour of the day, in 1 hour with trades: 04:00 with -$1.00 in 1 trade.',
    );
  });
});

describe('there is no chart', () => {
  test('of curves without a day', () => {
    expect(curvesChart([])).toBeNull();
    expect(curvesChart([curve('Test', 1, { days: 0 })])).toBeNull();
  });

  test('of a difference that was measured at fewer than two looks', () => {
    const of = (looks: readonly Look[]) => differenceChart({ looks, material_usd: 0.05, decided_on: null });
    expect(of([])).toBeNull();
    expect(of([lookOn(0, 1, 1), lookOn(1, null, null)])).toBeNull();
  });

  test('of days and hours with a P&L of zero', () => {
    expect(daysChart([])).toBeNull();
    expect(daysChart([dayOn(0, 0), dayOn(1, 0)])).toBeNull();
    expect(hoursChart([])).toBeNull();
    expect(hoursChart([hourAt(3, 0)])).toBeNull();
  });
});

describe('in a chart', () => {
  test('names are at the ends of their lines with the last value, or in a list when they would overlap', () => {
    const apart = charts.curves;
    expect(textsOf(apart)).toEqual(expect.arrayContaining(['Test', '$18.45', 'Baseline', '$5.18']));
    const together = present(curvesChart(['A', 'B', 'C'].map((name) => curve(name, 5))));
    expect(textsOf(together)).toEqual(expect.arrayContaining(['A', 'B', 'C', '$5.00']));
    expect(together.height).toBeGreaterThan(apart.height);
  });

  test('the active strategy is drawn on top of the others, with the thickest line', () => {
    const lines = charts.curves.svg().matchAll(/<g[^>]*stroke-width="([\d.]+)"[^>]*><path/g);
    expect([...lines].map(([, width]) => Number(width))).toEqual([2, 3.5]);
  });

  test.each([
    ['markup', '<b>"1"</b> & \'x\'', '&lt;b&gt;"1"&lt;/b&gt; &amp; \'x\''],
    ['right to left', 'الإعداد الجديد', 'Snapshot 7c9e6679'],
    ['emoji', '🚀 Moon 👨‍👩‍👧', 'Moon'],
    ['another alphabet', 'Строгий стоп ≥ 5 %', 'Строгий стоп ≥ 5 %'],
    ['no letters in the font', '設定', 'Snapshot 7c9e6679'],
    ['control characters', 'a\u0000\u0007\u001b\u0085b\ufffe\uffff', 'a b'],
    ['half of a pair', 'a\ud800b\udc00c', 'abc'],
    ['a turned direction', 'RSI \u202e1.5', 'RSI 1.5'],
    ['nothing', ' ', 'Snapshot 7c9e6679'],
  ])('a name of %s', async (_, name, shown) => {
    const chart = present(curvesChart([curve(name, 5), curve('Other', 1)]));
    expect(textsOf(chart)).toContain(shown);
    expect(chart.alt.isWellFormed()).toBe(true);
    expect((await pngOf(chart)).length).toBeGreaterThan(10_000);
  });

  test('a name whose characters the font lacks is replaced by the snapshot id, also in the alternative text', () => {
    const { alt } = present(curvesChart([curve('الإعداد', 5), curve('設定', 1), curve('Latin', 2)]));
    expect(alt).toContain('\u2068الإعداد\u2069 (Snapshot 7c9e6679) ends at $5.00');
    expect(alt).toContain('設定 (Snapshot 7c9e6679) at $1.00');
    expect(alt).toContain('Latin at $2.00');
  });

  test('long names are cut to the width of the chart', () => {
    const chart = present(curvesChart([curve('W'.repeat(300), 5), curve('i'.repeat(300), 1)]));
    const [wide = '', thin = ''] = textsOf(chart).filter((text) => text.endsWith('…'));
    expect(wide.length).toBeLessThan(20);
    expect(thin.length).toBeGreaterThan(30);
    expect(chart.alt.length).toBeLessThan(300);
  });

  test('amounts on the left are few and round', () => {
    const ticksOf = (...amounts: number[]) => {
      const { ticks, label } = moneyAxis(amounts, 15);
      return ticks.map(label);
    };
    expect(ticksOf(-3, 18.45)).toEqual(['$0', '$5', '$10', '$15']);
    expect(ticksOf(0.31, -0.12)).toEqual(['-$0.10', '$0', '$0.10', '$0.20', '$0.30']);
    expect(ticksOf(1e9, -1e9)).toEqual(['-$1B', '-$500M', '$0', '$500M', '$1B']);
    expect(ticksOf(0)).toEqual(['-$1.00', '-$0.50', '$0', '$0.50', '$1.00']);
  });

  test('only the last week is in full color, and a week before without days is left out', () => {
    const count = (chart: Chart, fill: string) => chart.svg().split(`fill="${fill}"`).length - 1;
    expect(textsOf(charts.days)).toEqual(expect.arrayContaining(['$4.20', '-$8.75', 'the week before']));
    expect(textsOf(charts.days)).not.toContain('$12.50');
    expect(count(charts.days, '#a3d3c5')).toBe(1);
    const first = present(daysChart([dayOn(0, 1), dayOn(1, 2)]));
    expect(textsOf(first).join()).not.toContain('the week before');
  });

  test.each([1e9, -1e9, 1e-8, -1e-8, 123.45])('amounts like %d USD fit every chart', async (usd) => {
    const looks = [lookOn(0, usd, 1e9), lookOn(1, -usd, null), lookOn(2, usd / 3, 1e-8)];
    for (const chart of [
      curvesChart([curve('Test', usd), curve('Other', 1, { days: 1, active: true })]),
      differenceChart({ looks, material_usd: 0, decided_on: '2020-01-01' }),
      daysChart(Array.from({ length: 14 }, (_, n) => dayOn(n, n % 3 ? usd : -usd))),
      hoursChart([hourAt(0, usd), hourAt(23, -usd), hourAt(12, 1)]),
    ]) {
      const svg = present(chart).svg();
      expect(svg).not.toMatch(/NaN|Infinity/);
      for (const [, x] of svg.matchAll(/\b[xy][12]?="(-?[\d.]+)"/g)) expect(Math.abs(Number(x))).toBeLessThan(500);
    }
  });

  test('ten years fit', async () => {
    const curves = [curve('A', 100, { days: 3650 }), curve('B', -50, { days: 3000 }), curve('C', 1, { days: 1 })];
    const looks = Array.from({ length: 3650 }, (_, n) => lookOn(n, Math.sin(n), 3650 / (n + 1)));
    expect((await pngOf(present(curvesChart(curves)))).length).toBeGreaterThan(10_000);
    const difference = present(differenceChart({ looks, material_usd: 0.05, decided_on: null }));
    expect(textsOf(difference)).toContain('Nov 2036');
    expect((await pngOf(difference)).length).toBeGreaterThan(10_000);
  });

  test('charts can be drawn concurrently', async () => {
    const all = Object.values(charts);
    const together = await Promise.all(all.map(pngOf));
    for (const [i, chart] of all.entries()) expect(together[i]?.equals(await pngOf(chart))).toBe(true);
  });
});

/** Contrast ratio as defined by WCAG 2.2. */
function contrastOnWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
