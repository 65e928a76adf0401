import * as Plot from '@observablehq/plot';
import { usd } from '../../formatting.ts';
import { widthOf } from './font.ts';
import { INK, type Margins, PADDING, QUIET, type Stroke, strokeAt, TEXT, textAt, WIDTH } from './plot.ts';

export const DIFFERENCE: Stroke = { stroke: '#0b57d0', strokeWidth: 3 };
export const INTERVAL: Stroke = { stroke: '#cfe0fa', strokeWidth: 14 };
export const MATERIAL: Stroke = { stroke: '#a8540a', strokeWidth: 1.5, strokeDasharray: '5 4' };

/** Positions and distances, in pixels. */
const LEGEND_Y = 64;
const ROW = 30;
const MARK_Y = 126;
/** From the start of a swatch to its text, and from the end of the text to the next swatch. */
const SWATCH = 36;
const ENTRY_GAP = 22;

/** The legend: what the line, the band and the dashes mean. */
export function legendAbove(margins: Margins, material_usd: number): Plot.Markish[] {
  const entries: readonly (readonly [string, Stroke])[] = [
    ['difference', DIFFERENCE],
    ['its interval', INTERVAL],
    ...(material_usd > 0 ? [[`±${usd(material_usd)} is material`, MATERIAL] as const] : []),
  ];
  let [x, y] = [PADDING, LEGEND_Y];
  return entries.flatMap(([text, stroke]) => {
    const width = SWATCH + widthOf(text, TEXT);
    if (x + width > WIDTH) [x, y] = [PADDING, y + ROW];
    const marks = [strokeAt(margins, [x, y], stroke), textAt(margins, [x + SWATCH, y], text, { fill: QUIET })];
    x += width + ENTRY_GAP;
    return marks;
  });
}

/** Marks a day with a line and a label above it, on the side that has room. */
export function markAbove(
  margins: Margins,
  { day, lastDay, label }: { readonly day: number; readonly lastDay: number; readonly label: string },
): Plot.Markish[] {
  const x = margins.marginLeft + (day / lastDay) * (WIDTH - margins.marginLeft - margins.marginRight);
  const atTheRight = x + widthOf(label, TEXT) > WIDTH - PADDING;
  return [
    Plot.ruleX([day], { stroke: INK, strokeWidth: 1.5, insetTop: -8 }),
    textAt(margins, [x, MARK_Y], label, { textAnchor: atTheRight ? 'end' : 'start' }),
  ];
}
