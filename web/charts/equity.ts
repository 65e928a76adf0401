import * as Plot from '@observablehq/plot';
import { count, usd } from '../../functions/formatting.ts';
import { dayAndMonth } from '../../functions/report/charts/calendar.ts';
import { fitted } from '../../functions/report/charts/font.ts';
import type { Schema } from '../api/client.ts';
import { nameOf } from '../parts/names.ts';
import { atMidnight, dayAxis, frameStyle, moneyFrame, TEXT, tipStyle } from './frame.ts';

type Day = Schema['DailyPnl'];
type Snapshot = Schema['Snapshot'];

interface Band {
  readonly from: Date;
  readonly until: Date;
  readonly name: string;
  readonly isOdd: boolean;
}

const marginLeft = (axis: { readonly width: number }) => Math.ceil(axis.width) + 10;

/** Cumulative P&L with the periods of the snapshots as bands: the active one is the thick blue line. */
export function equityChart(days: readonly Day[], snapshots: readonly Snapshot[]): (width: number) => Element {
  return (width) => {
    const { axis, marks } = moneyFrame(days.map(({ cumulative_pnl_usd }) => cumulative_pnl_usd));
    const active = snapshots.find(({ active_until }) => active_until === null)?.snapshot_id;
    const left = marginLeft(axis);
    const bands = bandsOf(days, snapshots);
    const span = Math.max(1, Number(bands.at(-1)?.until) - Number(bands[0]?.from));
    const roomOf = ({ from, until }: Band) => ((width - left - 12) * (Number(until) - Number(from))) / span - 10;
    const named = new Map(snapshots.map((each) => [each.snapshot_id, nameOf(each, 40)]));
    const at = { x: (day: Day) => atMidnight(day.date), y: 'cumulative_pnl_usd' } as const;
    return Plot.plot({
      ...{ width, height: 240, marginLeft: left, marginRight: 12, marginTop: 26, marginBottom: 30, style: frameStyle },
      x: { type: 'utc' },
      y: { domain: [...axis.domain], axis: null },
      marks: [
        Plot.rect(bands, {
          x1: 'from',
          x2: 'until',
          fill: (band: Band) => (band.isOdd ? 'var(--band)' : 'none'),
        }),
        Plot.text(bands, {
          x: 'from',
          text: (band: Band) => (roomOf(band) < 40 ? '' : fitted(band.name, { size: TEXT, width: roomOf(band) })),
          ...{ frameAnchor: 'top', textAnchor: 'start', dx: 4, dy: -16, fontSize: TEXT, fill: 'var(--quiet)' },
        }),
        ...marks,
        dayAxis(width, days),
        Plot.line(days, {
          ...at,
          z: null,
          stroke: (day: Day) => (day.snapshot_id === active ? 'var(--gain)' : 'var(--zero)'),
          strokeWidth: 2.2,
          strokeLinejoin: 'round',
        }),
        Plot.dot(days.slice(-1), { ...at, r: 4, fill: 'var(--gain)' }),
        Plot.tip(
          days,
          Plot.pointerX({
            ...at,
            ...tipStyle,
            title: (day: Day) =>
              `${dayAndMonth(day.date)} · ${named.get(day.snapshot_id) ?? ''}\nDay: ${usd(day.total_pnl_usd)}, ${count(day.total_trades)} trades\nTotal: ${usd(day.cumulative_pnl_usd)}`,
          }),
        ),
      ],
    });
  };
}

/** The fall from the running peak, downwards. */
export function drawdownChart(days: readonly Day[]): (width: number) => Element {
  return (width) => {
    const { axis, marks } = moneyFrame(days.map(({ drawdown_usd }) => -drawdown_usd));
    return Plot.plot({
      ...{
        width,
        height: 96,
        marginLeft: marginLeft(axis),
        marginRight: 12,
        marginTop: 6,
        marginBottom: 28,
        style: frameStyle,
      },
      x: { type: 'utc' },
      y: { domain: [...axis.domain], axis: null },
      marks: [
        ...marks,
        dayAxis(width, days),
        Plot.areaY(days, {
          x: (day: Day) => atMidnight(day.date),
          y: (day: Day) => -day.drawdown_usd,
          fill: 'var(--loss-fill)',
          stroke: 'var(--loss)',
          strokeWidth: 1.2,
        }),
      ],
    });
  };
}

/** The periods of the snapshots within the days, oldest first. */
function bandsOf(days: readonly Day[], snapshots: readonly Snapshot[]): Band[] {
  const [first, last] = [days.at(0), days.at(-1)];
  if (!first || !last) return [];
  const [start, end] = [atMidnight(first.date), atMidnight(last.date)];
  return snapshots
    .toReversed()
    .map((snapshot, i) => ({
      from: new Date(Math.max(Number(start), Date.parse(snapshot.active_from))),
      until: snapshot.active_until === null ? end : new Date(Math.min(Number(end), Date.parse(snapshot.active_until))),
      name: nameOf(snapshot, 60),
      isOdd: i % 2 === 1,
    }))
    .filter(({ from, until }) => from < until);
}

/** What the charts show, in a sentence. */
export function equityWords(days: readonly Day[]): string {
  const last = days.at(-1);
  if (!last) return 'Cumulative P&L: no day yet.';
  return `Cumulative P&L from ${dayAndMonth(days[0]?.date ?? last.date)} to ${dayAndMonth(last.date)}: ${usd(last.cumulative_pnl_usd)}, ${usd(last.drawdown_usd)} below its highest point, which may lie within a day.`;
}
