import { table } from '../../functions/report/document/table.ts';
import { missedBy, type Row } from './measure.ts';

const number = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

const head = ['What', 'Engine', 'Figure', 'Against', 'Ratio', 'Target', ''];

function cellsOf(row: Row): string[] {
  const { what, size, engine, value, unit, against, ratio, target } = row;
  const missed = missedBy(row);
  const bounds = [
    target?.least === undefined ? '' : `≥ ${target.least}`,
    target?.most === undefined ? '' : `≤ ${target.most}`,
  ];
  return [
    size ? `${what} (${size})` : what,
    engine ?? '–',
    `${number(value)} ${unit}`,
    against ? `${number(against.value)} ${unit}: ${against.what}` : '–',
    ratio === null ? '–' : number(ratio),
    bounds.filter(Boolean).join(', ') || '–',
    missed === null ? '' : missed <= 1 ? 'holds' : `off, × ${number(missed)}`,
  ];
}

/** The figures for a terminal. */
export const textOf = (rows: readonly Row[]): string => table([head, ...rows.map(cellsOf)], { alignRight: [2, 4] });

const MARKS = ['<!-- figures -->', '<!-- end of figures -->'] as const;

/** A page with the figures of a run between its marks. */
export function withFigures(page: string, { date, rows }: { date: string; rows: readonly Row[] }): string {
  const [begin, end] = MARKS.map((mark) => page.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`the page has no ${MARKS.join(' … ')}`);
  const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const figures = [rowOf(head), rowOf(head.map(() => '---')), ...rows.map((row) => rowOf(cellsOf(row)))].join('\n');
  return `${page.slice(0, begin)}${MARKS[0]}\nThe full run of ${date}:\n\n${figures}\n${page.slice(end)}`;
}
