import type * as Plot from '@observablehq/plot';
import { usd } from '../../formatting.ts';
import { type Box, GAP, type Point, placeBeside } from './end-labels.ts';
import { fitted, widthOf } from './font.ts';
import type { MoneyAxis } from './money-axis.ts';
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

const HEIGHT = 340;
/** Of one line of text, and of a row of the list, in pixels. */
const LEADING = 25;
const ROW = 30;
/** How wide a name may be beside a line, where it is never cut. */
const BESIDE = 130;
/** In the list: from the edge to a name, and from the longest name to the amounts. */
const INDENT = PADDING + 38;
const APART = 12;

const weightOf = ({ active }: Line) => (active ? BOLD : REGULAR);

/** Each name and last value at the end of its line; null when they do not all fit. */
export function beside(
  lines: readonly Line[],
  { amounts, lastDay }: { readonly amounts: MoneyAxis; readonly lastDay: number },
): Naming | null {
  if (lines.some(({ name }) => widthOf(name, TEXT) > BESIDE)) return null;
  const sizes = lines.map(({ name, end }) => ({
    width: Math.max(widthOf(name, TEXT), widthOf(usd(end.pnl_usd), TEXT)),
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
      textAt(margins, [x, y + LEADING * 1.5], usd(line.end.pnl_usd), style),
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
  const widest = Math.max(...lines.map(({ end }) => widthOf(usd(end.pnl_usd), TEXT)));
  const room = WIDTH - INDENT - APART - widest - PADDING;
  const names = lines.map(({ name }) => fitted(name, { size: TEXT, width: room }));
  const column = INDENT + Math.max(...names.map((name) => widthOf(name, TEXT))) + APART;
  const marks = lines.flatMap((line, i) => {
    const y = usual.marginTop + ROW * i;
    const fontWeight = weightOf(line);
    return [
      strokeAt(margins, [PADDING, y], line.style),
      textAt(margins, [INDENT, y], names[i] ?? '', { fill: INK, fontWeight }),
      textAt(margins, [column, y], usd(line.end.pnl_usd), { fill: line.style.stroke, fontWeight: BOLD }),
    ];
  });
  return { height: HEIGHT + ROW * lines.length, margins, marks };
}
