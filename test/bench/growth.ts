import { ACU_PER_CORE, FILLS_PER_REQUEST, LINKS_PER_REQUEST, SENDS_PER_DAY, SIGNALS_PER_FILL } from './assumptions.ts';
import type { Row } from './measure.ts';

/** The largest load that is planned for, in a day. */
export const LOAD = { bots: 10_000, fills: 1_000_000 };

/** Sizes of the cluster, in ACU: that of a small deployment, and up to the largest of Aurora Serverless v2. */
export const CAPACITIES = [2, 8, 32, 256];

/** How a cluster of a size carries the load. */
export interface Growth {
  readonly acu: number;
  /** Share of the day that its cores work. */
  readonly busy: number;
  /** Seconds that 95 % of the calls wait for a core, when bots send at times of their own, and when all of them send on the half hour. */
  readonly wait: { readonly spread: number; readonly atOnce: number };
  /** Hours that the summaries of a night take, on top of the calls; null: longer than a day. */
  readonly night: number | null;
}

/** Simulates a day of calls of all bots: each sends its fills and links every half hour, and a call keeps a core for as long as the whole request
 *  took in the benchmark, which is more than the database’s part. */
export function growthOf(acu: number, rows: readonly Row[]): Growth {
  const figure = (what: string): number => {
    const found = rows.find((row) => row.what === what && row.engine === 'PostgreSQL 17');
    if (!found) throw new Error(`the run has no figure of “${what}”`);
    return found.value;
  };
  const links = rows.find(({ what, engine }) => what === 'links' && engine === 'PostgreSQL 17');
  const ofLink = figure('links') / Number(links?.size?.replaceAll(/\D/g, '') ?? 1) / 1000;
  const ofFill = 1 / figure('ingest of fills, after years of history');
  const cores = acu / ACU_PER_CORE;

  const fillsOfSend = LOAD.fills / LOAD.bots / SENDS_PER_DAY;
  const linksOfSend = fillsOfSend * SIGNALS_PER_FILL;
  // Each is a request of its own, of at least the time of a request with one item.
  const calls = [
    ...inRequests(fillsOfSend, FILLS_PER_REQUEST).map((items) => Math.max(figure('one fill') / 1000, items * ofFill)),
    ...inRequests(linksOfSend, LINKS_PER_REQUEST).map((items) => Math.max(figure('one link') / 1000, items * ofLink)),
  ];
  const work = LOAD.bots * SENDS_PER_DAY * calls.reduce((sum, each) => sum + each, 0);
  const night = (LOAD.bots * figure('a night with a new day, per bot')) / 1000;
  const free = cores * DAY - work;
  return {
    acu,
    busy: work / (cores * DAY),
    wait: { spread: waitOf(calls, cores, true), atOnce: waitOf(calls, cores, false) },
    night: free > 0 && night / (free / DAY) < DAY ? night / (free / DAY) / 3600 : null,
  };
}

const DAY = 86_400;
const INTERVAL = DAY / SENDS_PER_DAY;

/** The sizes of the requests that carry some items. A bot with less than one item a send has one now and then. */
function inRequests(items: number, most: number): number[] {
  const whole = Math.max(1, Math.ceil(items / most));
  return Array.from({ length: whole }, () => items / whole);
}

/** The 95th percentile of the seconds that calls wait in one queue, first come, first served, over a day.
 *  A share of a core works as one core that takes longer. */
function waitOf(calls: readonly number[], cores: number, spread: boolean): number {
  const servers = Math.max(1, Math.floor(cores));
  const slower = servers / cores;
  const freeAt = new Float64Array(servers);
  const waits: number[] = [];
  for (let send = 0; send < SENDS_PER_DAY; send++)
    for (let bot = 0; bot < LOAD.bots; bot++) {
      // In the order of their times, since each bot has its place in the interval.
      const at = send * INTERVAL + (spread ? (bot / LOAD.bots) * INTERVAL : 0);
      for (const seconds of calls) {
        let next = 0;
        for (let i = 1; i < servers; i++) if ((freeAt[i] ?? 0) < (freeAt[next] ?? 0)) next = i;
        const begin = Math.max(at, freeAt[next] ?? 0);
        waits.push(begin - at);
        freeAt[next] = begin + seconds * slower;
      }
    }
  waits.sort((a, b) => a - b);
  return waits[Math.floor(waits.length * 0.95)] ?? 0;
}
