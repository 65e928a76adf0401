import type * as Plot from '@observablehq/plot';
import { type Box, GAP, type Point, placeBeside } from './end-labels.ts';
import { fitted, widthOf } from './lettering.ts';
import { amount, type MoneyAxis } from './money-axis.ts';
import {
  BOLD,
  INK,
  type Margins,
  marginsFor,
  PADDING,
  REGULAR,
  type Stroke,
  strokeAt,
  TEXT,
  textAt,
  WIDTH,
} from './plot.ts';

/** A curve as it is drawn: from zero, in a name that the font has letters for. */
export interface Line {
  readonly name: string;
  readonly active: boolean;
  readonly points: readonly { readonly day: number; readonly pnl_usd: number }[];
  readonly end: { readonly day: number; readonly pnl_usd: number };
  readonly style: Stroke;
}

/** Where the curves are drawn, and what names them. */
interface Naming {
  readonly height: number;
  readonly margins: Margins;
  readonly marks: readonly Plot.Markish[];
}

const HEIGHT = 310;
/** Of one line of text, and of a row of the list, in pixels. */
const LEADING = 19;
const ROW = 24;
/** How wide a name may be beside a line, where it is never cut, and in the list. */
const BESIDE = 170;
const LISTED = 400;

const weightOf = ({ active }: Line) => (active ? BOLD : REGULAR);

/** Each name and last value at the end of its line; null when they do not all fit. */
export function beside(
  lines: readonly Line[],
  { amounts, lastDay }: { readonly amounts: MoneyAxis; readonly lastDay: number },
): Naming | null {
  if (lines.some(({ name }) => widthOf(name, TEXT) > BESIDE)) return null;
  const sizes = lines.map(({ name, end }) => ({
    width: Math.max(widthOf(name, TEXT), widthOf(amount(end.pnl_usd), TEXT)),
    height: 2 * LEADING,
  }));
  const rightmost = sizes.filter((_, i) => lines[i]?.end.day === lastDay).map(({ width }) => width);
  const margins = { ...marginsFor(amounts), marginRight: PADDING + GAP + Math.ceil(Math.max(...rightmost)) };
  const area = areaOf(margins);
  const [low, high] = amounts.domain;
  const paths = lines.map(({ points }) =>
    points.map(
      ({ day, pnl_usd }): Point => [
        area.x + (day / lastDay) * area.width,
        area.y + ((high - pnl_usd) / (high - low)) * area.height,
      ],
    ),
  );
  const within = { ...area, y: area.y - 12, width: WIDTH - PADDING - area.x, height: area.height + 12 };
  const places = placeBeside(paths, sizes, within);
  if (!places) return null;
  const marks = lines.flatMap((line, i) => {
    const { x, y } = places[i] ?? area;
    const style = { fill: line.style.stroke, fontWeight: weightOf(line) };
    return [
      textAt(margins, [x, y + LEADING / 2], line.name, style),
      textAt(margins, [x, y + LEADING * 1.5], amount(line.end.pnl_usd), style),
    ];
  });
  return { height: HEIGHT, margins, marks };
}

const areaOf = ({ marginTop, marginRight, marginBottom, marginLeft }: Margins): Box => ({
  x: marginLeft,
  y: marginTop,
  width: WIDTH - marginLeft - marginRight,
  height: HEIGHT - marginTop - marginBottom,
});

/** The same in a list above the curves. */
export function listed(lines: readonly Line[], amounts: MoneyAxis): Naming {
  const usual = marginsFor(amounts);
  const margins = { ...usual, marginTop: usual.marginTop + ROW * lines.length };
  const names = lines.map(({ name }) => fitted(name, { size: TEXT, width: LISTED }));
  const column = PADDING + 38 + Math.max(...names.map((name) => widthOf(name, TEXT))) + 12;
  const marks = lines.flatMap((line, i) => {
    const y = usual.marginTop + ROW * i;
    const fontWeight = weightOf(line);
    return [
      strokeAt(margins, [PADDING, y], line.style),
      textAt(margins, [PADDING + 38, y], names[i] ?? '', { fill: INK, fontWeight }),
      textAt(margins, [column, y], amount(line.end.pnl_usd), { fill: line.style.stroke, fontWeight: BOLD }),
    ];
  });
  return { height: HEIGHT + ROW * lines.length, margins, marks };
}
