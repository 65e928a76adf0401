import * as Plot from '@observablehq/plot';
import type { Look } from '../../comparison/contract.ts';
import { usd } from '../../formatting.ts';
import { dayAfter, daysBetween } from '../../summaries/days.ts';
import { dayFormats } from './calendar.ts';
import type { Chart } from './chart.ts';
import { DIFFERENCE, INTERVAL, legendAbove, MATERIAL, markAbove } from './difference-words.ts';
import { widthOf } from './font.ts';
import { moneyAxis } from './money-axis.ts';
import { axisBelow, BOLD, marginsFor, PADDING, svgOf, TEXT, WIDTH, zeroRule } from './plot.ts';
import { visibleAmounts } from './visible-amounts.ts';

export interface DifferenceHistory {
  readonly looks: readonly Look[];
  /** The smallest difference that matters, in USD per trade. */
  readonly material_usd: number;
  readonly decided_on: string | null;
}

/** A look with a difference. */
type MeasuredLook = Look & { readonly difference: number };

const HEIGHT = 380;

/** Chart of the difference in expectancy and its interval from look to look. null with fewer than two measured looks. */
export function differenceChart(history: DifferenceHistory): Chart | null {
  const known = history.looks.filter((look): look is MeasuredLook => look.difference !== null);
  const [first, last] = [known.at(0), known.at(-1)];
  if (!first || !last || first.date >= last.date) return null;
  const alt = altOf(first, last, history);
  return {
    id: 'difference',
    alt,
    width: WIDTH,
    height: HEIGHT,
    svg: () => draw(history, { known, first, last, alt }),
  };
}

interface Span {
  readonly known: readonly MeasuredLook[];
  readonly first: MeasuredLook;
  readonly last: MeasuredLook;
  readonly alt: string;
}

function draw({ looks, material_usd, decided_on }: DifferenceHistory, { known, first, last, alt }: Span): string {
  const decided = decided_on === null || decided_on < first.date || decided_on > last.date ? null : decided_on;
  const amounts = moneyAxis(visibleAmounts(known, material_usd), TEXT);
  const newest = usd(last.difference);
  const marginRight = PADDING + 12 + Math.ceil(widthOf(newest, TEXT));
  const margins = { ...marginsFor(amounts), marginTop: decided === null ? 116 : 148, marginRight };
  const dayOf = (date: string) => daysBetween(first.date, date) - 1;
  const lastDay = dayOf(last.date);
  const days = dayFormats(first.date, last.date);
  const [low, high] = amounts.domain;
  const points = looks.map(({ date, difference, lower, upper }) => {
    const bounded = difference !== null && lower !== null && upper !== null;
    return {
      day: dayOf(date),
      difference: difference ?? Number.NaN,
      lower: bounded ? Math.max(lower, low) : Number.NaN,
      upper: bounded ? Math.min(upper, high) : Number.NaN,
    };
  });
  const end = { x: [lastDay], y: [last.difference], fill: DIFFERENCE.stroke };
  return svgOf({
    ...{ alt, title: 'Difference in expectancy, USD', height: HEIGHT, margins, amounts, x: [0, lastDay] },
    marks: [
      axisBelow(ticks(lastDay), (day) => days.onAxis(dayAfter(first.date, day))),
      Plot.areaY(points, {
        x: 'day',
        y1: 'lower',
        y2: 'upper',
        fill: INTERVAL.stroke,
        stroke: INTERVAL.stroke,
        strokeWidth: 2,
      }),
      zeroRule(),
      material_usd > 0 ? Plot.ruleY([-material_usd, material_usd], MATERIAL) : null,
      decided === null
        ? null
        : markAbove(margins, { day: dayOf(decided), lastDay, label: `decided ${days.exact(decided)}` }),
      Plot.line(points, { x: 'day', y: 'difference', ...DIFFERENCE, strokeLinejoin: 'round', strokeLinecap: 'round' }),
      Plot.dot([0], { ...end, r: 5 }),
      Plot.text([newest], { ...end, dx: 12, textAnchor: 'start', fontSize: TEXT, fontWeight: BOLD }),
      legendAbove(margins, material_usd),
    ],
  });
}

/** Up to four ticks, from the last day backwards. */
function ticks(lastDay: number): readonly number[] {
  const step = Math.max(1, Math.ceil(lastDay / 3));
  return Array.from({ length: Math.floor(lastDay / step) + 1 }, (_, i) => lastDay - i * step);
}

function altOf(first: MeasuredLook, last: MeasuredLook, { material_usd, decided_on }: DifferenceHistory): string {
  const { difference, lower, upper } = last;
  const { exact } = dayFormats(first.date, last.date);
  const interval =
    lower === null || upper === null
      ? 'with no bound on its interval yet'
      : `with an interval from ${usd(lower)} to ${usd(upper)}`;
  return [
    `Difference in expectancy, candidate minus baseline, from ${exact(first.date)} to ${exact(last.date)}:`,
    `${usd(difference)} per trade at the last look, ${interval}.`,
    `A difference of ${usd(material_usd)} or more is material.`,
    ...(decided_on === null ? [] : [`Decided on ${exact(decided_on)}.`]),
  ].join(' ');
}
