import type * as Plot from '@observablehq/plot';
import { usd } from '../../formatting.ts';
import { type Box, GAP, type Point, placeLabels } from './end-labels.ts';
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

/** An equity curve ready to draw: it starts at zero, and the font can show its name. */
export interface Line {
  readonly name: string;
  readonly active: boolean;
  readonly points: readonly { readonly day: number; readonly pnl_usd: number }[];
  readonly end: { readonly day: number; readonly pnl_usd: number };
  readonly style: Stroke;
}

/** The labels of the curves, and the chart size and margins that they need. */
interface CurveLabels {
  readonly height: number;
  readonly margins: Margins;
  readonly marks: readonly Plot.Markish[];
}

const HEIGHT = 340;
/** Line height, in pixels. */
const LEADING = 25;
/** Height of a row of the list, in pixels. */
const ROW = 30;
/** Most pixels that a name may take at the end of a line; longer ones go to the list. */
const LONGEST_END_LABEL = 130;
/** Pixels in the list from the edge to the names, and from the longest name to the amounts. */
const INDENT = PADDING + 38;
const COLUMN_GAP = 12;

const weightOf = ({ active }: Line) => (active ? BOLD : REGULAR);

/** Labels at the ends of the lines, with name and last value; null when not all of them fit. */
export function labelsAtEnds(
  lines: readonly Line[],
  { amounts, lastDay }: { readonly amounts: MoneyAxis; readonly lastDay: number },
): CurveLabels | null {
  if (lines.some(({ name }) => widthOf(name, TEXT) > LONGEST_END_LABEL)) return null;
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
  const places = placeLabels(paths, sizes, within);
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

/** The same labels in a list above the curves. */
export function labelsInList(lines: readonly Line[], amounts: MoneyAxis): CurveLabels {
  const usual = marginsFor(amounts);
  const margins = { ...usual, marginTop: usual.marginTop + ROW * lines.length };
  const widest = Math.max(...lines.map(({ end }) => widthOf(usd(end.pnl_usd), TEXT)));
  const room = WIDTH - INDENT - COLUMN_GAP - widest - PADDING;
  const names = lines.map(({ name }) => fitted(name, { size: TEXT, width: room }));
  const column = INDENT + Math.max(...names.map((name) => widthOf(name, TEXT))) + COLUMN_GAP;
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
