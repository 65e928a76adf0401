import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { MoneyAxis } from './money-axis.ts';

/** The style that all charts share. Lengths are CSS pixels. Text has a contrast above 4.5:1 and is legible on a phone, which shows a chart
 *  276 pixels wide. */
export const WIDTH = 480;
export const PADDING = 14;
export const TEXT = 20;
export const INK = '#1b1f24';
export const QUIET = '#57606a';
export const GRID = '#e4e8ec';
export const ZERO = '#8c959f';
export const PAPER = '#ffffff';
/** Distinguishable with color blindness: bluish green and vermilion. */
export const GAIN = '#007a5c';
export const LOSS = '#c8420b';

export const REGULAR = 400;
export const BOLD = 600;
const SVG = 'http://www.w3.org/2000/svg';
const FONT = "Inter, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

export interface Margins {
  readonly marginTop: number;
  readonly marginRight: number;
  readonly marginBottom: number;
  readonly marginLeft: number;
}

/** Margins with room for a title, the amounts on the left and one line of text below. */
export const marginsFor = (amounts: MoneyAxis): Margins => ({
  marginTop: 64,
  marginRight: PADDING,
  marginBottom: 46,
  marginLeft: PADDING + Math.ceil(amounts.width) + 8,
});

export interface Drawing {
  readonly alt: string;
  readonly title: string;
  readonly height: number;
  readonly margins: Margins;
  readonly amounts: MoneyAxis;
  /** The x domain: values at the left and the right edge. */
  readonly x: readonly [number, number];
  readonly marks: readonly Plot.Markish[];
}

/** Draws a self-contained SVG, independent of style sheets and colors of the page around it. */
export function svgOf({ alt, title, height, margins, amounts, x, marks }: Drawing): string {
  const svg = Plot.plot({
    document: parseHTML('<html></html>').document,
    width: WIDTH,
    height,
    ...margins,
    x: { type: 'linear', domain: [...x], axis: null },
    y: { type: 'linear', domain: [...amounts.domain], axis: null },
    marks: [
      Plot.gridY(amounts.ticks, { stroke: GRID, strokeOpacity: 1 }),
      Plot.axisY(amounts.ticks, {
        tickFormat: amounts.label,
        tickSize: 0,
        tickPadding: 8,
        fill: QUIET,
        fontSize: TEXT,
        label: null,
      }),
      textAt(margins, [PADDING, 28], title, { fill: INK, fontWeight: BOLD }),
      ...marks,
    ],
  });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const described of svg.querySelectorAll('[aria-label]')) described.removeAttribute('aria-label');
  svg.removeAttribute('class');
  const attributes = { xmlns: SVG, role: 'img', fill: INK, 'font-family': FONT, style: 'max-width:100%;height:auto' };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);

  const create = (name: string) => svg.ownerDocument.createElementNS(SVG, name);
  // A title element, since linkedom does not escape < in attributes as XML requires. XML does not allow U+FFFE and U+FFFF.
  const description = create('title');
  description.textContent = alt.replaceAll(/[\ufffe\uffff]/g, '');
  const paper = create('rect');
  for (const [name, value] of Object.entries({ width: WIDTH, height, fill: PAPER })) paper.setAttribute(name, value);
  svg.prepend(description, paper);
  return svg.outerHTML;
}

/** Text at a position in pixels, vertically centered on `y`, with a white outline that separates it from lines behind it. */
export function textAt(
  { marginLeft, marginTop }: Margins,
  [x, y]: readonly [number, number],
  text: string,
  options: Plot.TextOptions = {},
): Plot.Markish {
  return Plot.text([text], {
    text: (each: string) => each,
    frameAnchor: 'top-left',
    lineAnchor: 'middle',
    textAnchor: 'start',
    fontSize: TEXT,
    dx: x - marginLeft,
    dy: y - marginTop,
    fill: INK,
    stroke: PAPER,
    strokeWidth: 5,
    ...options,
  });
}

/** The labels of the x axis. */
export const axisBelow = (ticks: readonly number[], label: (tick: number) => string): Plot.Markish =>
  Plot.axisX([...ticks], {
    tickFormat: label,
    tickSize: 0,
    tickPadding: 10,
    fill: QUIET,
    fontSize: TEXT,
    label: null,
  });

export const zeroRule = (): Plot.Markish => Plot.ruleY([0], { stroke: ZERO, strokeWidth: 1.5 });

export interface Stroke {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDasharray?: string;
}

/** A legend swatch: a short horizontal line. */
export const strokeAt = (
  { marginLeft, marginTop }: Margins,
  [x, y]: readonly [number, number],
  stroke: Stroke,
): Plot.Markish =>
  Plot.vector([null], {
    ...stroke,
    frameAnchor: 'top-left',
    anchor: 'start',
    length: 28,
    strokeLinecap: 'butt',
    rotate: 90,
    shape: {
      draw(path: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void }, length: number) {
        path.moveTo(0, 0);
        path.lineTo(0, -length);
      },
    },
    dx: x - marginLeft,
    dy: y - marginTop,
  });
