import * as Plot from '@observablehq/plot';
import { counted, shortId, usd } from '../../formatting.ts';
import { plain } from '../document/plain.ts';
import type { Chart } from './chart.ts';
import { beside, type Line, listed } from './curve-names.ts';
import { drawable } from './font.ts';
import { moneyAxis, roundStep } from './money-axis.ts';
import { svgOf, TEXT, WIDTH, wordsBelow, zeroRule } from './plot.ts';

/** What a strategy had earned after each of its days. */
export interface Curve {
  readonly snapshot_id: string;
  readonly name: string;
  readonly active: boolean;
  /** By calendar day of the strategy, from 1 on, the earliest first. */
  readonly points: readonly { readonly day: number; readonly pnl_usd: number }[];
}

/** The first is the active strategy's. Told apart by weight and dashes too. */
const strokes = [
  { stroke: '#0b57d0', strokeWidth: 3.5 },
  { stroke: '#a8540a', strokeWidth: 2 },
  { stroke: '#5c6670', strokeWidth: 2, strokeDasharray: '6 4' },
] as const;

/** Cumulative P&L, in USD, of up to three strategies by day of each; null when none has a day. */
export function curvesChart(curves: readonly Curve[]): Chart | null {
  const lines = linesOf(curves);
  if (lines.length === 0) return null;
  const lastDay = Math.max(...lines.map(({ end }) => end.day));
  const amounts = moneyAxis(
    lines.flatMap(({ points }) => points.map(({ pnl_usd }) => pnl_usd)),
    TEXT,
  );
  const { height, margins, marks } = beside(lines, { amounts, lastDay }) ?? listed(lines, amounts);
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
    name: drawable(name, instead(snapshot_id)),
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

/** Stands for a name that the font has no letters for; the table of strategies says it too. */
const instead = (snapshotId: string): string => `Snapshot ${shortId(snapshotId)}`;

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
  return wordsBelow(days, (day) => (day === step ? `day ${day}` : `${day}`));
}

/** Of a name in words: as long as names are elsewhere in a report, with the marks of a right-to-left one. */
const LONGEST = 62;

function altOf(curves: readonly Curve[]): string {
  const endings = curves.flatMap(({ snapshot_id, name, points }) => {
    const end = points.at(-1);
    if (!end) return [];
    const [said, shown] = [plain(name, LONGEST), drawable(name, instead(snapshot_id))];
    const both = shown === instead(snapshot_id) && shown !== said ? `${said} (${shown})` : said;
    return [[both, `at ${usd(end.pnl_usd)} after ${counted(end.day, 'calendar day')}`] as const];
  });
  const sentence = endings.map(([name, ending], i) => `${name} ${i === 0 ? 'ends ' : ''}${ending}`).join(', ');
  return `Cumulative P&L by calendar day of each strategy: ${sentence}.`;
}
