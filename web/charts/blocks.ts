import * as Plot from '@observablehq/plot';
import { counted, usd } from '../../functions/formatting.ts';
import type { Schema } from '../api/client.ts';
import { frameStyle, moneyFrame, timeAxis, tipStyle } from './frame.ts';

interface Bar {
  readonly arm: 'baseline' | 'candidate';
  readonly from: Date;
  readonly until: Date;
  readonly pnl_usd: number;
  readonly trades: number;
  readonly followed: number;
  readonly isVoid: boolean;
  readonly isOver: boolean;
}

/** The blocks of a test in time, each as high as its P&L; those ahead are outlined at zero. */
export function blocksChart(pairs: readonly Schema['ExperimentPair'][], now: number): (width: number) => Element {
  const bars: Bar[] = pairs.flatMap((pair) =>
    pair.blocks.map((block) => ({
      ...block,
      from: new Date(block.from),
      until: new Date(block.until),
      isVoid: pair.void !== null,
      isOver: Date.parse(block.until) <= now,
    })),
  );
  const tone = ({ pnl_usd }: Bar) => (pnl_usd < 0 ? 'var(--loss)' : 'var(--gain)');
  const shade = ({ arm }: Bar) => (arm === 'candidate' ? 'var(--ink)' : 'var(--zero)');
  return (width) => {
    const { axis, marks } = moneyFrame(bars.map(({ pnl_usd }) => pnl_usd));
    const traded = bars.filter(({ isVoid }) => !isVoid);
    return Plot.plot({
      ...{
        width,
        height: 190,
        marginLeft: Math.ceil(axis.width) + 10,
        marginRight: 12,
        marginBottom: 40,
        style: frameStyle,
      },
      x: { type: 'utc' },
      y: { domain: [...axis.domain], axis: null },
      marks: [
        ...marks,
        timeAxis(width, undefined, 16),
        Plot.rect(traded, {
          x1: 'from',
          x2: 'until',
          y1: 0,
          y2: 'pnl_usd',
          stroke: tone,
          strokeWidth: 1.5,
          fill: tone,
          fillOpacity: ({ arm }: Bar) => (arm === 'candidate' ? 1 : 0.12),
          inset: 1,
        }),
        Plot.rect(bars, {
          ...{ x1: 'from', x2: 'until', y1: axis.domain[0], y2: axis.domain[0] },
          ...{ insetTop: -3, insetBottom: -9, insetLeft: 0.5, insetRight: 0.5 },
          fill: shade,
          fillOpacity: ({ isVoid, isOver }: Bar) => (isVoid ? 0.12 : isOver ? 0.95 : 0.4),
        }),
        Plot.tip(
          bars,
          Plot.pointerX({
            x: ({ from, until }: Bar) => new Date((Number(from) + Number(until)) / 2),
            y: 'pnl_usd',
            ...tipStyle,
            title: ({ arm, trades, pnl_usd, followed, isVoid }: Bar) =>
              `${arm}${isVoid ? ', void' : ''}\n${usd(pnl_usd)} of ${counted(trades, 'trade')}\n${followed} with the assigned settings`,
          }),
        ),
      ],
    });
  };
}
