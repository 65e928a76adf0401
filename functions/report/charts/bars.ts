import * as Plot from '@observablehq/plot';
import { BOLD, GAIN, LOSS, PAPER, TEXT } from './plot.ts';

export interface Bar {
  /** Position of its center and its width, in units of the x axis. */
  readonly at: number;
  readonly width: number;
  readonly usd: number;
  readonly pale: boolean;
}

const PALE_GAIN = '#a3d3c5';
const PALE_LOSS = '#f1bfa8';

/** Draws bars from zero. Color repeats the sign, so the chart is readable without it. */
export const bars = (all: readonly Bar[]): Plot.Markish =>
  Plot.rect(
    all.filter(({ usd }) => usd !== 0),
    {
      x1: ({ at, width }: Bar) => at - width / 2,
      x2: ({ at, width }: Bar) => at + width / 2,
      y1: () => 0,
      y2: ({ usd }: Bar) => usd,
      fill: colorOf,
    },
  );

function colorOf({ usd, pale }: Bar): string {
  if (usd > 0) return pale ? PALE_GAIN : GAIN;
  return pale ? PALE_LOSS : LOSS;
}

/** The lowest and highest amounts, extended to leave room for labels at the ends of the bars. */
export function withLabelRoom(all: readonly Bar[]): readonly number[] {
  const [low, high] = [Math.min(0, ...all.map(({ usd }) => usd)), Math.max(0, ...all.map(({ usd }) => usd))];
  const room = (high - low) * 0.1;
  return [low && low - room, high && high + room];
}

/** A label beyond the end of a bar. */
export const barLabel = (bar: Bar, text: string, textAnchor: 'start' | 'middle' | 'end' = 'middle'): Plot.Markish =>
  Plot.text([text], {
    x: [bar.at],
    y: [bar.usd],
    textAnchor,
    dy: bar.usd > 0 ? -14 : 15,
    fill: colorOf({ ...bar, pale: false }),
    stroke: PAPER,
    strokeWidth: 5,
    fontSize: TEXT,
    fontWeight: BOLD,
  });
