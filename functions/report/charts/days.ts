import type * as Plot from '@observablehq/plot';
import { usd as written } from '../../formatting.ts';
import { dayAfter } from '../../summaries/days.ts';
import { type Bar, bars, withRoom, wordsOn } from './bars.ts';
import { dayAndMonth, weekday } from './calendar.ts';
import type { Chart } from './chart.ts';
import { moneyAxis } from './money-axis.ts';
import {
  type Margins,
  marginsFor,
  PADDING,
  QUIET,
  strokeAt,
  svgOf,
  TEXT,
  textAt,
  WIDTH,
  wordsBelow,
  zeroRule,
} from './plot.ts';

export interface Day {
  readonly date: string;
  readonly total_pnl_usd: number;
}

interface DayBar extends Bar {
  readonly date: string;
  /** The bot had a strategy. */
  readonly known: boolean;
}

interface Week {
  readonly name: string;
  readonly days: readonly DayBar[];
}

const DAYS = 7;
const HEIGHT = 370;
/** Of a bar beside another one, and of one that stands alone. */
const HALF = 0.36;
const ALONE = 0.76;
/** Where the key begins, and how far its words stand apart. */
const KEY = { y: 64, words: 38, apart: 150 };
const PALE = '#c9ced4';

/** P&L of the last seven days, each beside the same weekday a week before where there is any; null when all of them are zero. */
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
      const place = before ? { at: i + HALF * (0.5 - weeksAgo), width: HALF } : { at: i, width: ALONE };
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
  const amounts = moneyAxis(withRoom(days), TEXT);
  const usual = marginsFor(amounts);
  const margins = weeks.length > 1 ? { ...usual, marginTop: KEY.y + 34 } : usual;
  const [week] = weeks;
  return svgOf({
    ...{ alt, title: 'P&L by day, USD', height: HEIGHT, margins, amounts },
    x: [-0.5, DAYS - 0.5],
    marks: [
      bars(days),
      zeroRule(),
      ...(week ? extremesOf(week.days) : []).map((bar) => wordsOn(bar, written(bar.usd), anchorAt(bar.at))),
      wordsBelow([...Array(DAYS).keys()], (day) => weekday(days[day]?.date ?? '')),
      ...(weeks.length > 1 ? weeks.flatMap((each, i) => keyOf(margins, each, i)) : []),
    ],
  });
}

/** The week's best and worst day: more amounts would cover each other. */
function extremesOf(days: readonly DayBar[]): readonly DayBar[] {
  const ordered = days.filter(({ usd }) => usd !== 0).toSorted((a, b) => a.usd - b.usd);
  const [worst, best] = [ordered.at(0), ordered.at(-1)];
  return worst && best && worst !== best ? [worst, best] : ordered.slice(0, 1);
}

/** Words of a bar near an edge stay within the chart. */
const anchorAt = (day: number) => (day < 1 ? 'start' : day > DAYS - 2 ? 'end' : 'middle');

/** Pale is the week before. */
function keyOf(margins: Margins, { name, days }: Week, place: number): Plot.Markish[] {
  const x = PADDING + place * KEY.apart;
  const stroke = days[0]?.pale ? PALE : QUIET;
  return [strokeAt(margins, [x, KEY.y], { stroke, strokeWidth: 16 }), textAt(margins, [x + KEY.words, KEY.y], name)];
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
    `${word} ${weekday(date)}, ${dayAndMonth(date)} with ${written(pnl)}`;
  const total = written(days.reduce((sum, { usd: pnl }) => sum + pnl, 0));
  return `${name}, ${spanOf(all)}, ${total} in all, ${of('highest', best)}, ${of('lowest', worst)}`;
}
