import * as Plot from '@observablehq/plot';
import { count, counted, usd } from '../../functions/formatting.ts';
import type { Schema } from '../api/client.ts';
import { frameStyle, TEXT, tipStyle } from './frame.ts';

type Range = Schema['PnlRange'];

const inWords = ({ from_usd, to_usd }: Range): string => `${usd(from_usd)} to ${usd(to_usd)}`;

/** How many trades made how much: losses orange, gains blue. All ranges are equally wide, though the outer ones reach further. */
export function histogram(found: readonly Range[]): (width: number) => Element {
  const ranges = withEmpty(found);
  const most = Math.max(...ranges.map(({ total_trades }) => total_trades));
  return (width) => {
    const every = Math.max(1, Math.ceil((ranges.length * 62) / width));
    const zero = ranges.findIndex(({ to_usd }) => to_usd > 0);
    const isLabeled = (i: number) => zero !== -1 && (i - zero) % every === 0;
    return Plot.plot({
      ...{ width, height: 190, marginLeft: 40, marginBottom: 28, style: frameStyle },
      x: {
        domain: ranges.map((_, i) => i),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labelAt(ranges, i, isLabeled(i)),
      },
      y: { label: null, tickFormat: count, ticks: Math.min(4, most), grid: true, tickSize: 0 },
      marks: [
        Plot.barY(ranges, {
          x: (_: Range, i: number) => i,
          y: 'total_trades',
          fill: ({ to_usd }: Range) => (to_usd <= 0 ? 'var(--loss)' : 'var(--gain)'),
        }),
        Plot.ruleY([0], { stroke: 'var(--zero)' }),
        Plot.tip(
          ranges,
          Plot.pointerX({
            ...tipStyle,
            x: (_: Range, i: number) => i,
            y: 'total_trades',
            fontSize: TEXT,
            title: (range: Range) => `${inWords(range)}\n${counted(range.total_trades, 'trade')}`,
          }),
        ),
      ],
    });
  };
}

/** Most ranges that are filled in between two. */
const MOST_EMPTY = 40;

/** With the ranges that have no trades, so that equal distances are equal amounts. */
function withEmpty(ranges: readonly Range[]): readonly Range[] {
  const width = Math.min(...ranges.map(({ from_usd, to_usd }) => to_usd - from_usd));
  return ranges.flatMap((range, i) => {
    const next = ranges[i + 1];
    const gap = next ? Math.min(MOST_EMPTY, Math.round((next.from_usd - range.to_usd) / width)) : 0;
    const empty = Array.from({ length: Math.max(0, gap) }, (_, n) => ({
      from_usd: range.to_usd + n * width,
      to_usd: range.to_usd + (n + 1) * width,
      total_trades: 0,
    }));
    return [range, ...empty];
  });
}

/** The lower end of a range, or of the first its upper end: it reaches down to the lowest trade. */
const labelAt = (ranges: readonly Range[], i: number, isLabeled: boolean): string => {
  const range = ranges[i];
  if (!range || !isLabeled) return '';
  return i === 0 ? `< ${usd(range.to_usd)}` : usd(range.from_usd);
};

export function histogramWords(ranges: readonly Range[]): string {
  const most = ranges.toSorted((a, b) => b.total_trades - a.total_trades)[0];
  const [first, last] = [ranges.at(0), ranges.at(-1)];
  return most && first && last
    ? `Trades by P&L, from ${usd(first.from_usd)} to ${usd(last.to_usd)}; most made ${inWords(most)}.`
    : 'Trades by P&L: no trades.';
}
