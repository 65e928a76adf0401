import * as Plot from '@observablehq/plot';
import { usd } from '../../formatting.ts';
import { widthOf } from './font.ts';
import { INK, type Margins, PADDING, QUIET, type Stroke, strokeAt, TEXT, textAt, WIDTH } from './plot.ts';

export const DIFFERENCE: Stroke = { stroke: '#0b57d0', strokeWidth: 3 };
export const INTERVAL: Stroke = { stroke: '#cfe0fa', strokeWidth: 14 };
export const MATERIAL: Stroke = { stroke: '#a8540a', strokeWidth: 1.5, strokeDasharray: '5 4' };

const KEY_Y = 64;
const ROW = 30;
const MARK_Y = 126;
/** From the start of a stroke to its words, and from there to the next. */
const WORDS = 36;
const APART = 22;

/** What the line, the band and the dashes are. */
export function keyAbove(margins: Margins, material_usd: number): Plot.Markish[] {
  const entries: readonly (readonly [string, Stroke])[] = [
    ['difference', DIFFERENCE],
    ['its interval', INTERVAL],
    ...(material_usd > 0 ? [[`±${usd(material_usd)} is material`, MATERIAL] as const] : []),
  ];
  let [x, y] = [PADDING, KEY_Y];
  return entries.flatMap(([words, stroke]) => {
    const width = WORDS + widthOf(words, TEXT);
    if (x + width > WIDTH) [x, y] = [PADDING, y + ROW];
    const marks = [strokeAt(margins, [x, y], stroke), textAt(margins, [x + WORDS, y], words, { fill: QUIET })];
    x += width + APART;
    return marks;
  });
}

/** A day with words above it, on whichever side has room for them. */
export function markAbove(
  margins: Margins,
  { day, lastDay, words }: { readonly day: number; readonly lastDay: number; readonly words: string },
): Plot.Markish[] {
  const x = margins.marginLeft + (day / lastDay) * (WIDTH - margins.marginLeft - margins.marginRight);
  const atTheRight = x + widthOf(words, TEXT) > WIDTH - PADDING;
  return [
    Plot.ruleX([day], { stroke: INK, strokeWidth: 1.5, insetTop: -8 }),
    textAt(margins, [x, MARK_Y], words, { textAnchor: atTheRight ? 'end' : 'start' }),
  ];
}
