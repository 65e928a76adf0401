import type * as Plot from '@observablehq/plot';
import { usd as formatted } from '../../formatting.ts';
import { dayAfter } from '../../summaries/days.ts';
import { type Bar, barLabel, bars, withLabelRoom } from './bars.ts';
import { dayAndMonth, weekday } from './calendar.ts';
import type { Chart } from './chart.ts';
import { moneyAxis } from './money-axis.ts';
import {
  axisBelow,
  type Margins,
  marginsFor,
  PADDING,
  QUIET,
  strokeAt,
  svgOf,
  TEXT,
  textAt,
  WIDTH,
  zeroRule,
} from './plot.ts';

export interface Day {
  readonly date: string;
  readonly total_pnl_usd: number;
}

interface DayBar extends Bar {
  readonly date: string;
  /** Whether the bot had a strategy on that day. */
  readonly known: boolean;
}

interface Week {
  readonly name: string;
  readonly days: readonly DayBar[];
}

const DAYS = 7;
const HEIGHT = 370;
/** Bar widths, in days: one of a pair, and a single one. */
const PAIRED_WIDTH = 0.36;
const SINGLE_WIDTH = 0.76;
/** The legend, in pixels: its position, the distance from a swatch to its text, and between entries. */
const LEGEND = { y: 64, text: 38, distance: 150 };
const PALE = '#c9ced4';

/** Chart of the P&L of the last seven days, each next to the same weekday of the week before, if there is one. null when all are zero. */
export function daysChart(days: readonly Day[]): Chart | null {
  const last = days
    .map(({ date }) => date)
    .sort()
    .at(-1);
  if (last === undefined) return null;
  const before = days.some(({ date }) => date <= dayAfter(last, -DAYS) && date > dayAfter(last, -2 * DAYS));
  const known = new Map(days.map(({ date, total_pnl_usd }) => [date, total_pnl_usd]));
  const week = (name: string, weeksAgo: 0 | 1): Week => ({
    name,
    days: Array.from({ length: DAYS }, (_, i) => {
      const date = dayAfter(last, i + 1 - DAYS * (weeksAgo + 1));
      const place = before
        ? { at: i + PAIRED_WIDTH * (0.5 - weeksAgo), width: PAIRED_WIDTH }
        : { at: i, width: SINGLE_WIDTH };
      return { date, ...place, usd: known.get(date) ?? 0, known: known.has(date), pale: weeksAgo === 1 };
    }),
  });
  const weeks = [week('the week', 0), ...(before ? [week('the week before', 1)] : [])];
  if (weeks.every(({ days }) => days.every(({ usd }) => usd === 0))) return null;
  const alt = `P&L by day: ${weeks.map(inWords).join('; ')}.`;
  return { id: 'days', alt, width: WIDTH, height: HEIGHT, svg: () => draw(weeks, alt) };
}

function draw(weeks: readonly Week[], alt: string): string {
  const days = weeks.flatMap(({ days }) => days);
  const amounts = moneyAxis(withLabelRoom(days), TEXT);
  const usual = marginsFor(amounts);
  const margins = weeks.length > 1 ? { ...usual, marginTop: LEGEND.y + 34 } : usual;
  const [week] = weeks;
  return svgOf({
    ...{ alt, title: 'P&L by day, USD', height: HEIGHT, margins, amounts },
    x: [-0.5, DAYS - 0.5],
    marks: [
      bars(days),
      zeroRule(),
      ...(week ? extremesOf(week.days) : []).map((bar) => barLabel(bar, formatted(bar.usd), anchorAt(bar.at))),
      axisBelow([...Array(DAYS).keys()], (day) => weekday(days[day]?.date ?? '')),
      ...(weeks.length > 1 ? weeks.flatMap((each, i) => legendEntry(margins, each, i)) : []),
    ],
  });
}

/** The best and the worst day of the week. Only these are labeled: more labels would overlap. */
function extremesOf(days: readonly DayBar[]): readonly DayBar[] {
  const ordered = days.filter(({ usd }) => usd !== 0).toSorted((a, b) => a.usd - b.usd);
  const [worst, best] = [ordered.at(0), ordered.at(-1)];
  return worst && best && worst !== best ? [worst, best] : ordered.slice(0, 1);
}

/** Keeps the label of a bar near an edge within the chart. */
const anchorAt = (day: number) => (day < 1 ? 'start' : day > DAYS - 2 ? 'end' : 'middle');

function legendEntry(margins: Margins, { name, days }: Week, place: number): Plot.Markish[] {
  const x = PADDING + place * LEGEND.distance;
  const stroke = days[0]?.pale ? PALE : QUIET;
  return [
    strokeAt(margins, [x, LEGEND.y], { stroke, strokeWidth: 16 }),
    textAt(margins, [x + LEGEND.text, LEGEND.y], name),
  ];
}

/** @example '16–22 Nov', or '28 Nov–4 Dec' */
function spanOf(days: readonly DayBar[]): string {
  const [from, to] = [dayAndMonth(days.at(0)?.date ?? ''), dayAndMonth(days.at(-1)?.date ?? '')];
  const [day = '', month] = from.split(' ');
  return `${month === to.split(' ')[1] ? day : from}–${to}`;
}

function inWords({ name, days: all }: Week): string {
  const days = all.filter(({ known }) => known);
  const [best, worst] = [
    days.reduce((a, b) => (b.usd > a.usd ? b : a)),
    days.reduce((a, b) => (b.usd < a.usd ? b : a)),
  ];
  const of = (word: string, { date, usd: pnl }: DayBar) =>
    `${word} ${weekday(date)}, ${dayAndMonth(date)} with ${formatted(pnl)}`;
  const total = formatted(days.reduce((sum, { usd: pnl }) => sum + pnl, 0));
  return `${name}, ${spanOf(all)}, ${total} in all, ${of('highest', best)}, ${of('lowest', worst)}`;
}
