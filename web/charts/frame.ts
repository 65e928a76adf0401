import * as Plot from '@observablehq/plot';
import { dayAndMonth, dayFormats } from '../../functions/report/charts/calendar.ts';
import { type MoneyAxis, moneyAxis } from '../../functions/report/charts/money-axis.ts';

/** Text size in charts, in pixels. */
export const TEXT = 12;

/** What all charts of money over a domain share: the axis of the reports' charts, and a line at zero. */
export function moneyFrame(amounts: readonly number[]): { readonly axis: MoneyAxis; readonly marks: Plot.Markish[] } {
  const axis = moneyAxis(amounts, TEXT);
  return {
    axis,
    marks: [
      Plot.gridY(axis.ticks, { stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.axisY(axis.ticks, {
        tickFormat: axis.label,
        tickSize: 0,
        fontSize: TEXT,
        fill: 'var(--quiet)',
        label: null,
      }),
      Plot.ruleY([0], { stroke: 'var(--zero)' }),
    ],
  };
}

/** Days on the x axis, a few at most; with the year where the days span more than one. */
export function dayAxis(width: number, days: readonly { readonly date: string }[]): Plot.Markish {
  const { onAxis } = dayFormats(days.at(0)?.date ?? '1970-01-01', days.at(-1)?.date ?? '1970-01-01');
  return timeAxis(width, (time) => onAxis(time.toISOString().slice(0, 10)));
}

export const timeAxis = (
  width: number,
  tickFormat: (time: Date) => string = (time) => dayAndMonth(time.toISOString().slice(0, 10)),
  tickPadding = 8,
): Plot.Markish =>
  Plot.axisX({
    ...{ ticks: Math.max(2, Math.floor(width / 110)), tickFormat, tickSize: 0, tickPadding },
    ...{ fontSize: TEXT, fill: 'var(--quiet)', label: null },
  });

export const atMidnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The look of the box that follows the pointer. */
export const tipStyle = { fill: 'var(--card)', stroke: 'var(--line-strong)', fontSize: TEXT, lineHeight: 1.3 } as const;

export const frameStyle = { background: 'none', color: 'var(--ink)', overflow: 'visible' } as const;
