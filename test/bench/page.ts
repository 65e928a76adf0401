import { table } from '../../functions/report/document/table.ts';
import type { Part } from '../infra/parts-of-bundle.ts';
import { costOf } from './cost.ts';
import { CAPACITIES, type Growth, growthOf } from './growth.ts';
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

/** Formats the figures for a terminal. */
export const textOf = (rows: readonly Row[]): string => table([head, ...rows.map(cellsOf)], { alignRight: [2, 4] });

/** Replaces the text between two marks of a page. */
function between(page: string, name: string, text: string): string {
  const marks = [`<!-- ${name} -->`, `<!-- end of ${name} -->`] as const;
  const [begin, end] = marks.map((mark) => page.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`the page has no ${marks.join(' … ')}`);
  return `${page.slice(0, begin)}${marks[0]}\n${text}\n${page.slice(end)}`;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A run of the benchmark, as stored. */
export interface Run {
  readonly date: string;
  readonly quick: boolean;
  readonly rows: readonly Row[];
}

/** The parts of each function's bundle, by entry. */
export type Bundles = Readonly<Record<string, readonly Part[]>>;

/** Updates a page with the figures of a run, the parts of bundles and the estimated cost. */
export function withRun(page: string, { date, rows }: Run, bundles: Bundles): string {
  const figures = `The run of ${date}:\n\n${markdown([head, ...worstOfEachKind(rows).map(cellsOf)])}`;
  return Object.entries({
    figures,
    parts: markdown(partsTable(bundles)),
    cost: markdown(costTable(rows)),
    growth: markdown(growthTable(rows)),
  }).reduce((whole, [name, text]) => between(whole, name, text), page);
}

/** The rows with a target. Of those that differ only in the function that they measure, the one that is closest to its target. */
function worstOfEachKind(rows: readonly Row[]): Row[] {
  const missed = (row: Row): number => missedBy(row) ?? 0;
  const kindOf = ({ what, engine }: Row): string => `${what.replace(/functions\/\S+/, '')} ${engine}`;
  const kinds = Map.groupBy(
    rows.filter(({ target }) => target !== null),
    kindOf,
  );
  return [...kinds.values()].map((kind) => kind.reduce((worst, row) => (missed(row) > missed(worst) ? row : worst)));
}

const LARGEST = 3;

function partsTable(bundles: Bundles): string[][] {
  const kilobytes = (parts: readonly Part[], of: (part: Part) => number) =>
    number(parts.reduce((sum, part) => sum + of(part), 0) / 1000);
  const shown = (part: Part) => {
    const { name, atStart, later } = part;
    return `${name} ${number((atStart + later) / 1000)}${later > atStart ? ' (later)' : ''}`;
  };
  return [
    ['Function', 'At a start', 'Later', 'The three largest parts'],
    ...Object.entries(bundles).map(([entry, parts]) => [
      entry,
      kilobytes(parts, ({ atStart }) => atStart),
      kilobytes(parts, ({ later }) => later),
      parts.slice(0, LARGEST).map(shown).join(', '),
    ]),
  ];
}

const FILLS = [60, 60_000, 1_000_000];

function costTable(rows: readonly Row[]): string[][] {
  const costs = FILLS.map((fills) => costOf(fills, rows));
  const row = (what: string, of: (cost: ReturnType<typeof costOf>) => string) => [what, ...costs.map(of)];
  const apart = (seconds: number | null) => (seconds === null ? 'never' : `${number(seconds / 60)} minutes`);
  return [
    ['A day', ...FILLS.map((fills) => `${fills.toLocaleString('en-US')} fills`)],
    row('Links', ({ links }) => number(links)),
    row('API requests', ({ requests }) => number(requests)),
    row('Data API calls', ({ statements }) => number(statements)),
    row('Lambda, GB-seconds', ({ lambda }) => number(lambda)),
    row('of these, waiting for the database to wake', ({ waiting }) => number(waiting)),
    row('Database, seconds of work', ({ work }) => number(work)),
    row('Database, hours awake', ({ awake }) => number(awake)),
    row('ACU hours', ({ acuHours }) => number(acuHours)),
    row('Storage a year, fills and what is derived', ({ bytesOfFills }) => `${number(bytesOfFills / 1e9)} GB`),
    row('Storage a year, links', ({ bytesOfLinks }) => `${number(bytesOfLinks / 1e9)} GB`),
    row('The database sleeps at all if sends lie further apart than', ({ sleeps }) => apart(sleeps)),
    row('and half of the day if they lie further apart than', ({ sleepsHalf }) => apart(sleepsHalf)),
  ];
}

function growthTable(rows: readonly Row[]): string[][] {
  const each = CAPACITIES.map((acu) => growthOf(acu, rows));
  const row = (what: string, of: (growth: Growth) => string) => [what, ...each.map(of)];
  const seconds = (value: number) =>
    value < 60
      ? `${number(value)} s`
      : value < 3600
        ? `${number(value / 60)} minutes`
        : `${number(value / 3600)} hours`;
  return [
    ['Capacity of the cluster', ...CAPACITIES.map((acu) => `${acu} ACU`)],
    row('Cores busy', ({ busy }) => `${number(100 * busy)} %`),
    row('95 % of the calls wait less than, when each bot sends at a time of its own', ({ wait }) =>
      seconds(wait.spread),
    ),
    row('and when all send on the half hour', ({ wait }) => seconds(wait.atOnce)),
    row('The summaries of a night take', ({ night }) => (night === null ? 'more than a day' : seconds(night * 3600))),
  ];
}
