import * as Plot from '@observablehq/plot';
import { dayAfter } from '../../summaries/days.ts';
import { usd } from '../document/format.ts';
import { type Bar, bars, signed, withRoom, wordsOn } from './bars.ts';
import { shortDay, weekday } from './calendar.ts';
import { moneyAxis } from './money-axis.ts';
import type { Picture } from './picture.ts';
import { BOLD, INK, marginsFor, QUIET, svgOf, TEXT, WIDTH, wordsBelow, zeroRule } from './plot.ts';

export interface Day {
  readonly date: string;
  readonly total_pnl_usd: number;
}

interface DayBar extends Bar {
  readonly date: string;
}

interface Week {
  readonly name: string;
  readonly days: readonly DayBar[];
}

const DAYS = 7;
/** Between the weeks, in bars. */
const APART = 0.5;
const HEIGHT = 340;

/** P&L of the last seven days, and paler of the seven before where there are any; null when all of them are zero. */
export function daysPicture(days: readonly Day[]): Picture | null {
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
      const at = i + (before && weeksAgo === 0 ? DAYS + APART : 0);
      return { date, at, usd: known.get(date) ?? 0, pale: weeksAgo === 1 };
    }),
  });
  const weeks = [...(before ? [week('the week before', 1)] : []), week('the week', 0)];
  if (weeks.every(({ days }) => days.every(({ usd }) => usd === 0))) return null;
  const alt = `P&L by day: ${weeks.toReversed().map(inWords).join('; ')}.`;
  return { id: 'days', alt, width: WIDTH, height: HEIGHT, svg: () => draw(weeks, alt) };
}

function draw(weeks: readonly Week[], alt: string): string {
  const days = weeks.flatMap(({ days }) => days);
  const amounts = moneyAxis(withRoom(days), TEXT);
  const margins = { ...marginsFor(amounts), marginBottom: 82 };
  return svgOf({
    ...{ alt, title: 'P&L by day, USD', height: HEIGHT, margins, amounts },
    x: [-0.5, (days.at(-1)?.at ?? 0) + 0.5],
    marks: [
      bars(days),
      zeroRule(),
      ...days.filter(({ usd, pale }) => usd !== 0 && !pale).map((bar) => wordsOn(bar, signed(bar.usd))),
      wordsBelow(
        days.map(({ at }) => at),
        (at) => weekday(days.find((day) => day.at === at)?.date ?? ''),
      ),
      ...weeks.map(nameBelow),
    ],
  });
}

/** What a week is called, under its days. */
function nameBelow({ name, days }: Week): Plot.Markish {
  return Plot.text([`${name}, ${spanOf(days)}`], {
    x: [days[(DAYS - 1) / 2]?.at ?? 0],
    frameAnchor: 'bottom',
    dy: 58,
    fill: days[0]?.pale ? QUIET : INK,
    fontSize: TEXT,
    fontWeight: days[0]?.pale ? 400 : BOLD,
  });
}

/** @example '16–22 Nov', or '28 Nov–4 Dec' */
function spanOf(days: readonly DayBar[]): string {
  const [from, to] = [shortDay(days.at(0)?.date ?? ''), shortDay(days.at(-1)?.date ?? '')];
  const [day = '', month] = from.split(' ');
  return `${month === to.split(' ')[1] ? day : from}–${to}`;
}

function inWords({ name, days }: Week): string {
  const [best, worst] = [
    days.reduce((a, b) => (b.usd > a.usd ? b : a)),
    days.reduce((a, b) => (b.usd < a.usd ? b : a)),
  ];
  const of = (word: string, { date, usd: pnl }: DayBar) =>
    `${word} ${weekday(date)}, ${shortDay(date)} with ${usd(pnl)}`;
  const total = usd(days.reduce((sum, { usd: pnl }) => sum + pnl, 0));
  return `${name}, ${spanOf(days)}, ${total} in all, ${of('highest', best)}, ${of('lowest', worst)}`;
}
