import {
  ACU_PER_CORE,
  FILLS_PER_REQUEST,
  IDLE_ACU,
  LINK_BYTES,
  LINKS_PER_REQUEST,
  PAUSE_AFTER,
  RESUME,
  RUNS_PER_DAY,
  SENDS_PER_DAY,
  SIGNALS_PER_FILL,
  STATEMENTS_OF_RUNS,
} from './assumptions.ts';
import type { Row } from './measure.ts';

const DAY = 86_400;

/** Estimates the cost of a day with `fills` fills, from the figures of a run on a real PostgreSQL and the assumptions. */
export function costOf(fills: number, rows: readonly Row[]) {
  const figure = (what: string) => {
    const found = rows.find((row) => row.what === what && (row.engine === null || row.engine === 'PostgreSQL 17'));
    if (!found) throw new Error(`the run has no figure of “${what}”`);
    return found;
  };
  const seconds = (what: string) => figure(what).value / 1000;
  const links = fills * SIGNALS_PER_FILL;
  const requests = { fills: batches(fills, FILLS_PER_REQUEST), links: batches(links, LINKS_PER_REQUEST) };
  const calls = requests.fills + requests.links;
  const work =
    Math.max(fills / figure('ingest of fills, after years of history').value, requests.fills * seconds('one fill')) +
    Math.max((links * seconds('links')) / countOf(figure('links').size), requests.links * seconds('one link')) +
    (fills * seconds('summary of a busy day')) / countOf(figure('summary of a busy day').size) +
    seconds('daily report of a year, 10 strategies: read');
  const drawing = seconds('daily report of a year: written, drawn and packed, first time in a process');
  const wakes = SENDS_PER_DAY + RUNS_PER_DAY;
  const asleep = wakes * PAUSE_AFTER + work < DAY;
  const waiting = asleep ? wakes * RESUME : 0;
  const starts = asleep ? SENDS_PER_DAY * 2 * seconds('loading functions/trades/handler.ts') : 0;
  const gigabytes = (figure('memory of functions/trades/handler.ts at its largest request').against?.value ?? 0) / 1024;
  const awake = asleep ? wakes * (PAUSE_AFTER + RESUME) + work : DAY;
  return {
    links,
    requests: calls,
    statements: calls + STATEMENTS_OF_RUNS,
    lambda: gigabytes * (work + drawing + waiting + starts),
    waiting: gigabytes * waiting,
    work,
    awake: awake / 3600,
    acuHours: Math.max(awake * IDLE_ACU, work * ACU_PER_CORE) / 3600,
    bytesOfFills: 365 * fills * figure(STORAGE).value,
    bytesOfLinks: 365 * links * LINK_BYTES,
    /** Seconds between sends from which the database pauses at all, and for half of the day. */
    sleeps: apart(1, work),
    sleepsHalf: apart(2, work),
  };
}

const STORAGE = 'storage of a fill with its share of order, allocation, trade and indexes';

/** Requests per day: at least one per non-empty send. */
const batches = (items: number, most: number): number =>
  Math.max(Math.min(items, SENDS_PER_DAY), Math.ceil(items / most));

/** Seconds between sends for which the database is awake for 1/`parts` of the day; null when its work alone takes longer. */
function apart(parts: number, work: number): number | null {
  const share = 1 / parts - work / DAY;
  return share > 0 ? (PAUSE_AFTER + RESUME) / share : null;
}

/** Parses the count of a size. @example countOf('60,000 fills') // 60000 */
const countOf = (size: string | null): number => Number(size?.replaceAll(/[^\d]/g, ''));
