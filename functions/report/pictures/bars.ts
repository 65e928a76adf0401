import * as Plot from '@observablehq/plot';
import { BOLD, GAIN, LOSS, PAPER } from './plot.ts';

export interface Bar {
  /** Its middle, in steps from the left. */
  readonly at: number;
  readonly usd: number;
  readonly pale: boolean;
}

const PALE_GAIN = '#a3d3c5';
const PALE_LOSS = '#f1bfa8';
const SIZE = 13;

/** Up or down from zero: the colours only repeat it. */
export const bars = (all: readonly Bar[]): Plot.Markish =>
  Plot.rect(
    all.filter(({ usd }) => usd !== 0),
    {
      x1: ({ at }: Bar) => at - 0.38,
      x2: ({ at }: Bar) => at + 0.38,
      y1: () => 0,
      y2: ({ usd }: Bar) => usd,
      fill: colourOf,
    },
  );

function colourOf({ usd, pale }: Bar): string {
  if (usd > 0) return pale ? PALE_GAIN : GAIN;
  return pale ? PALE_LOSS : LOSS;
}

/** The least and the most that the bars show, with room for words at their ends. */
export function withRoom(all: readonly Bar[]): readonly number[] {
  const [low, high] = [Math.min(0, ...all.map(({ usd }) => usd)), Math.max(0, ...all.map(({ usd }) => usd))];
  const room = (high - low) * 0.05;
  return [low && low - room, high && high + room];
}

/** Words beyond the end of a bar. */
export const wordsOn = (bar: Bar, words: string, textAnchor: 'start' | 'middle' | 'end' = 'middle'): Plot.Markish =>
  Plot.text([words], {
    x: [bar.at],
    y: [bar.usd],
    textAnchor,
    dy: bar.usd > 0 ? -11 : 12,
    fill: colourOf({ ...bar, pale: false }),
    stroke: PAPER,
    strokeWidth: 3,
    fontSize: SIZE,
    fontWeight: BOLD,
  });

/** An amount in at most five letters, with its sign. @example [12.345, -1234, 0.5].map(signed) // ['+12', '-1.2K', '+0.50'] */
export function signed(usd: number): string {
  const size = Math.abs(usd);
  if (size >= 999.5) return thousands.format(usd);
  const decimals = size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2;
  return `${usd < 0 ? '-' : '+'}${size.toFixed(decimals)}`;
}
const thousands = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumSignificantDigits: 2,
  signDisplay: 'always',
});
