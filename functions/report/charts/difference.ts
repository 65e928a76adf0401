import * as Plot from '@observablehq/plot';
import type { Look } from '../../comparison/contract.ts';
import { usd } from '../../formatting.ts';
import { dayAfter, daysBetween } from '../../summaries/days.ts';
import { daysWithin } from './calendar.ts';
import type { Chart } from './chart.ts';
import { DIFFERENCE, INTERVAL, keyAbove, MATERIAL, markAbove } from './difference-words.ts';
import { widthOf } from './font.ts';
import { moneyAxis } from './money-axis.ts';
import { BOLD, marginsFor, PADDING, svgOf, TEXT, WIDTH, wordsBelow, zeroRule } from './plot.ts';

export interface Compared {
  readonly looks: readonly Look[];
  /** How much more or less per trade matters, in USD. */
  readonly material_usd: number;
  readonly decided_on: string | null;
}

/** A look whose difference is known. */
type Known = Look & { readonly difference: number };

const HEIGHT = 380;

/** How the difference in expectancy and its interval went from look to look; null before two looks have one. */
export function differenceChart(compared: Compared): Chart | null {
  const known = compared.looks.filter((look): look is Known => look.difference !== null);
  const [first, last] = [known.at(0), known.at(-1)];
  if (!first || !last || first.date >= last.date) return null;
  const alt = altOf(first, last, compared);
  return {
    id: 'difference',
    alt,
    width: WIDTH,
    height: HEIGHT,
    svg: () => draw(compared, { known, first, last, alt }),
  };
}

interface Span {
  readonly known: readonly Known[];
  readonly first: Known;
  readonly last: Known;
  readonly alt: string;
}

function draw({ looks, material_usd, decided_on }: Compared, { known, first, last, alt }: Span): string {
  const decided = decided_on === null || decided_on < first.date || decided_on > last.date ? null : decided_on;
  const amounts = moneyAxis(worthShowing(known, material_usd), TEXT);
  const newest = usd(last.difference);
  const marginRight = PADDING + 12 + Math.ceil(widthOf(newest, TEXT));
  const margins = { ...marginsFor(amounts), marginTop: decided === null ? 116 : 148, marginRight };
  const dayOf = (date: string) => daysBetween(first.date, date) - 1;
  const lastDay = dayOf(last.date);
  const days = daysWithin(first.date, last.date);
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
      wordsBelow(ticks(lastDay), (day) => days.onAxis(dayAfter(first.date, day))),
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
        : markAbove(margins, { day: dayOf(decided), lastDay, words: `decided ${days.exact(decided)}` }),
      Plot.line(points, { x: 'day', y: 'difference', ...DIFFERENCE, strokeLinejoin: 'round', strokeLinecap: 'round' }),
      Plot.dot([0], { ...end, r: 5 }),
      Plot.text([newest], { ...end, dx: 12, textAnchor: 'start', fontSize: TEXT, fontWeight: BOLD }),
      keyAbove(margins, material_usd),
    ],
  });
}

/** The first intervals may be a hundred times as wide as the last: they are cut off where they would flatten the rest. */
function worthShowing(known: readonly Known[], material_usd: number): readonly number[] {
  const bounds = known.flatMap(({ lower, upper }) =>
    lower === null || upper === null ? [] : [[lower, upper] as const],
  );
  const core = [0, material_usd, -material_usd, ...(bounds.at(-1) ?? []), ...known.map(({ difference }) => difference)];
  const [low, high] = [core.reduce((a, b) => Math.min(a, b)), core.reduce((a, b) => Math.max(a, b))];
  const reach = high - low;
  return [
    ...core,
    ...bounds.flatMap(([lower, upper]) => [Math.max(lower, low - reach), Math.min(upper, high + reach)]),
  ];
}

/** The last day, and as many before it as there is room for. */
function ticks(lastDay: number): readonly number[] {
  const step = Math.max(1, Math.ceil(lastDay / 3));
  return Array.from({ length: Math.floor(lastDay / step) + 1 }, (_, i) => lastDay - i * step);
}

function altOf(first: Known, last: Known, { material_usd, decided_on }: Compared): string {
  const { difference, lower, upper } = last;
  const { exact } = daysWithin(first.date, last.date);
  const interval =
    lower === null || upper === null
      ? 'its interval is not bounded yet'
      : `its interval ${usd(lower)} to ${usd(upper)}`;
  return [
    `Difference in expectancy, candidate less baseline, from ${exact(first.date)} to ${exact(last.date)}:`,
    `${usd(difference)} per trade at the last look, ${interval}.`,
    `A difference of ${usd(material_usd)} is material.`,
    ...(decided_on === null ? [] : [`Decided on ${exact(decided_on)}.`]),
  ].join(' ');
}
