import type { Database } from '../database/database.ts';
import { ratioOf } from '../ratios.ts';
import { thresholds } from '../thresholds.ts';
import type { Coverage } from '../trades/data-quality/contract.ts';
import { coverageBetween } from '../trades/data-quality/coverage.ts';
import * as store from './store.ts';

/** Problems of bots on a trading day; bots are listed by their ids. */
export interface Findings {
  /** Bots with too low a link rate. */
  readonly poorly_linked: readonly string[];
  /** Bots with an active snapshot all day and fills in the week before, but none on the day. */
  readonly silent: readonly string[];
  /** Bots that trade with settings other than their snapshot's. */
  readonly drifting: readonly string[];
  /** Bots whose client has records that the service refused, that found no room, or that were damaged. */
  readonly losing: readonly string[];
  /** Trading days that are missing or due for recomputation. */
  readonly waiting_days: number;
}

const { min_orders, link_rate } = thresholds.poorly_linked;

/** Checks bots on a trading day. Orders of sources that never link are left out of the link rate. */
export async function watchBots(
  database: Database,
  { date, bots }: { readonly date: string; readonly bots: readonly string[] },
  neverLinking: readonly string[],
): Promise<Findings> {
  const { begins_at: from, ends_at: to, waiting_days } = await store.watchedDay(database, date, bots);
  const active = await store.activity(database, date, bots);
  const coverages: Coverage[] = [];
  for (const { bot_id } of active) coverages.push(await coverageBetween(database, bot_id, { from, to }));
  const botsWith = (problem: (coverage: Coverage) => boolean) => coverages.filter(problem).map(({ bot_id }) => bot_id);
  return {
    poorly_linked: botsWith((coverage) => linksPoorly(coverage, neverLinking)),
    silent: active.filter(({ silent }) => silent).map(({ bot_id }) => bot_id),
    drifting: botsWith(({ drift }) => drift.length > 0),
    losing: await store.losing(database, bots),
    waiting_days,
  };
}

function linksPoorly({ sources }: Coverage, neverLinking: readonly string[]): boolean {
  const linking = sources.filter(({ source }) => source === null || !neverLinking.includes(source));
  const sum = (countOf: (source: Coverage['sources'][number]) => number) =>
    linking.reduce((total, source) => total + countOf(source), 0);
  const orders = sum(({ linked, by_time, none }) => linked + by_time + none);
  const rate = ratioOf(
    'link_rate',
    sum(({ linked }) => linked),
    orders,
  );
  return orders >= min_orders && rate !== null && rate < link_rate;
}
