import { counted, usd } from '../../formatting.ts';
import { type Bar, barLabel, bars, withLabelRoom } from './bars.ts';
import type { Chart } from './chart.ts';
import { moneyAxis } from './money-axis.ts';
import { axisBelow, marginsFor, svgOf, TEXT, WIDTH, zeroRule } from './plot.ts';

export interface Hour {
  /** 0–23, in the trading time zone. */
  readonly hour: number;
  readonly total_pnl_usd: number;
  readonly trades: number;
}

const HEIGHT = 340;

/** Chart of the P&L by hour of the day. null when every hour is zero. */
export function hoursChart(hours: readonly Hour[]): Chart | null {
  const traded = hours.filter(({ total_pnl_usd }) => total_pnl_usd !== 0);
  const [first, ...others] = traded;
  if (!first) return null;
  const best = others.reduce((a, b) => (b.total_pnl_usd > a.total_pnl_usd ? b : a), first);
  const worst = others.reduce((a, b) => (b.total_pnl_usd < a.total_pnl_usd ? b : a), first);
  const extremes = best === worst ? [best] : [best, worst];
  const alt = altOf(hours, { best, worst });
  return { id: 'hours', alt, width: WIDTH, height: HEIGHT, svg: () => draw(traded, { extremes, alt }) };
}

function draw(hours: readonly Hour[], { extremes, alt }: { extremes: readonly Hour[]; alt: string }): string {
  const amounts = moneyAxis(withLabelRoom(hours.map(barOf)), TEXT);
  return svgOf({
    ...{ alt, title: 'P&L by hour of the day, USD', height: HEIGHT, margins: marginsFor(amounts), amounts },
    x: [-0.5, 23.5],
    marks: [
      bars(hours.map(barOf)),
      zeroRule(),
      ...extremes.map((hour) => barLabel(barOf(hour), usd(hour.total_pnl_usd), anchorAt(hour.hour))),
      axisBelow([0, 6, 12, 18], clock),
    ],
  });
}

const barOf = ({ hour, total_pnl_usd }: Hour): Bar => ({ at: hour, usd: total_pnl_usd, width: 0.76, pale: false });

/** Keeps the label of a bar near an edge within the chart. */
const anchorAt = (hour: number) => (hour < 4 ? 'start' : hour > 19 ? 'end' : 'middle');

/** @example clock(9) // '09:00' */
const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function altOf(hours: readonly Hour[], { best, worst }: { best: Hour; worst: Hour }): string {
  const of = ({ hour, total_pnl_usd, trades }: Hour) =>
    `${clock(hour)} with ${usd(total_pnl_usd)} in ${counted(trades, 'trade')}`;
  const active = counted(hours.filter(({ trades }) => trades > 0).length, 'hour');
  const extremes = best === worst ? of(best) : `highest ${of(best)}, lowest ${of(worst)}`;
  return `P&L by hour of the day, in ${active} with trades: ${extremes}.`;
}
