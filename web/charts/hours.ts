import * as Plot from '@observablehq/plot';
import { counted, percent, usd } from '../../functions/formatting.ts';
import type { Schema } from '../api/client.ts';
import { frameStyle, moneyFrame, tipStyle } from './frame.ts';

type Group = Schema['TradeGroup'];

const hourOf = ({ name }: Group): number => Number(name);

/** P&L by hour of closing. */
export function hoursChart(hours: readonly Group[]): (width: number) => Element {
  const color = ({ total_pnl_usd }: Group) => (total_pnl_usd < 0 ? 'var(--loss)' : 'var(--gain)');
  return (width) => {
    const { axis, marks } = moneyFrame(hours.map(({ total_pnl_usd }) => total_pnl_usd));
    return Plot.plot({
      ...{ width, height: 180, marginLeft: Math.ceil(axis.width) + 10, marginBottom: 28, style: frameStyle },
      x: {
        domain: [-0.5, 23.5],
        ticks: [0, 6, 12, 18, 23],
        tickSize: 0,
        label: null,
        tickFormat: (hour: number) => `${hour}:00`,
      },
      y: { domain: [...axis.domain], axis: null },
      marks: [
        ...marks,
        Plot.rect(hours, {
          x1: (group: Group) => hourOf(group) - 0.4,
          x2: (group: Group) => hourOf(group) + 0.4,
          y1: 0,
          y2: 'total_pnl_usd',
          fill: color,
        }),
        Plot.tip(
          hours,
          Plot.pointerX({
            ...tipStyle,
            x: hourOf,
            y: 'total_pnl_usd',
            title: (group: Group) =>
              `${group.name}:00 to ${group.name}:59\n${usd(group.total_pnl_usd)} of ${counted(group.total_trades, 'trade')}\n${percent(group.win_rate)} won`,
          }),
        ),
      ],
    });
  };
}

export function hoursWords(hours: readonly Group[]): string {
  const ordered = hours.toSorted((a, b) => a.total_pnl_usd - b.total_pnl_usd);
  const [worst, best] = [ordered.at(0), ordered.at(-1)];
  return best && worst
    ? `P&L by hour of closing: best ${best.name}:00 with ${usd(best.total_pnl_usd)}, worst ${worst.name}:00 with ${usd(worst.total_pnl_usd)}.`
    : 'P&L by hour of closing: no trades.';
}
