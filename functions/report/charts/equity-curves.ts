import * as Plot from '@observablehq/plot';
import { counted, shortId, usd } from '../../formatting.ts';
import { plain } from '../document/plain.ts';
import type { Chart } from './chart.ts';
import { type Line, labelsAtEnds, labelsInList } from './curve-names.ts';
import { drawableName } from './font.ts';
import { moneyAxis, roundStep } from './money-axis.ts';
import { axisBelow, svgOf, TEXT, WIDTH, zeroRule } from './plot.ts';

/** The equity curve of a strategy. */
export interface Curve {
  readonly snapshot_id: string;
  readonly name: string;
  readonly active: boolean;
  /** By calendar day of the strategy, starting at 1, earliest first. */
  readonly points: readonly { readonly day: number; readonly pnl_usd: number }[];
}

/** Line styles, the active strategy's first. They differ in weight and dashes too, so that color is not needed. */
const strokes = [
  { stroke: '#0b57d0', strokeWidth: 3.5 },
  { stroke: '#a8540a', strokeWidth: 2 },
  { stroke: '#5c6670', strokeWidth: 2, strokeDasharray: '6 4' },
] as const;

/** Chart of the equity curves of up to three strategies, by day of each. null when none has a day. */
export function curvesChart(curves: readonly Curve[]): Chart | null {
  const lines = linesOf(curves);
  if (lines.length === 0) return null;
  const lastDay = Math.max(...lines.map(({ end }) => end.day));
  const amounts = moneyAxis(
    lines.flatMap(({ points }) => points.map(({ pnl_usd }) => pnl_usd)),
    TEXT,
  );
  const { height, margins, marks } = labelsAtEnds(lines, { amounts, lastDay }) ?? labelsInList(lines, amounts);
  const alt = altOf(curves);
  const draw = () =>
    svgOf({
      ...{ alt, title: 'Cumulative P&L by calendar day', height, margins, amounts },
      x: [0, lastDay],
      marks: [dayNumbers(lastDay), zeroRule(), ...lines.toReversed().flatMap(curveOf), ...marks],
    });
  return { id: 'curves', alt, width: WIDTH, height, svg: draw };
}

function linesOf(curves: readonly Curve[]): readonly Line[] {
  const named = curves.map(({ snapshot_id, name, active, points }) => ({
    name: drawableName(name, fallbackName(snapshot_id)),
    active,
    points,
  }));
  return [...named.filter(({ active }) => active), ...named.filter(({ active }) => !active)].flatMap(
    ({ name, active, points }, i) => {
      const end = points.at(-1);
      const style = strokes[active ? 0 : i];
      return end && style ? [{ name, active, style, end, points: [{ day: 0, pnl_usd: 0 }, ...points] }] : [];
    },
  );
}

/** Replaces a name whose characters the font lacks. The table of strategies shows it too. */
const fallbackName = (snapshotId: string): string => `Snapshot ${shortId(snapshotId)}`;

function curveOf({ points, end, style }: Line): Plot.Markish[] {
  const at = { x: 'day', y: 'pnl_usd' };
  return [
    Plot.line(points, { ...at, ...style, strokeLinejoin: 'round' }),
    Plot.dot([end], { ...at, r: style.strokeWidth + 2, fill: style.stroke }),
  ];
}

function dayNumbers(lastDay: number): Plot.Markish {
  const step = Math.max(1, roundStep(lastDay / 5));
  const days = Array.from({ length: Math.floor(lastDay / step) }, (_, i) => (i + 1) * step);
  return axisBelow(days, (day) => (day === step ? `day ${day}` : `${day}`));
}

/** Most characters of a name in the alternative text: as in the rest of a report, plus two direction marks. */
const LONGEST_NAME = 62;

function altOf(curves: readonly Curve[]): string {
  const endings = curves.flatMap(({ snapshot_id, name, points }) => {
    const end = points.at(-1);
    if (!end) return [];
    const [full, drawn] = [plain(name, LONGEST_NAME), drawableName(name, fallbackName(snapshot_id))];
    const label = drawn === fallbackName(snapshot_id) && drawn !== full ? `${full} (${drawn})` : full;
    return [[label, `at ${usd(end.pnl_usd)} after ${counted(end.day, 'calendar day')}`] as const];
  });
  const sentence = endings.map(([name, ending], i) => `${name} ${i === 0 ? 'ends ' : ''}${ending}`).join(', ');
  return `Cumulative P&L by calendar day of each strategy: ${sentence}.`;
}
