import type { Database } from '../database/database.ts';
import type { Coverage } from '../trades/contract.ts';
import { coverageBetween } from '../trades/trades.ts';
import * as store from './store.ts';

/** What is wrong with bots on a trading day, by their ids. */
export interface Findings {
  /** Too few of their orders are linked. */
  readonly poorly_linked: readonly string[];
  /** A snapshot was active all day, fills came in the week before, and none on the day. */
  readonly silent: readonly string[];
  /** They trade with other settings than their snapshots say. */
  readonly drifting: readonly string[];
  /** Trading days that are missing or wait to be computed again. */
  readonly waiting_days: number;
}

/** Fewer orders than this say nothing of the link rate, which should not fall below so many percent. */
const FEWEST_ORDERS = 5;
const LOWEST_LINK_RATE = 90;

/** Looks at the bots on a trading day. Orders of a source that never links count in no rate. */
export async function watchDay(database: Database, date: string, neverLinking: readonly string[]): Promise<Findings> {
  const { begins_at: from, ends_at: to, waiting_days } = await store.watchedDay(database, date);
  const bots = await store.activity(database, date);
  const coverages: Coverage[] = [];
  for (const { bot_id } of bots) coverages.push(await coverageBetween(database, bot_id, { from, to }));
  const those = (which: (coverage: Coverage) => boolean) => coverages.filter(which).map(({ bot_id }) => bot_id);
  return {
    poorly_linked: those((coverage) => linksPoorly(coverage, neverLinking)),
    silent: bots.filter(({ silent }) => silent).map(({ bot_id }) => bot_id),
    drifting: those(({ drift }) => drift.length > 0),
    waiting_days,
  };
}

function linksPoorly({ sources }: Coverage, neverLinking: readonly string[]): boolean {
  const linking = sources.filter(({ source }) => source === null || !neverLinking.includes(source));
  const sum = (of: (source: Coverage['sources'][number]) => number) =>
    linking.reduce((total, source) => total + of(source), 0);
  const orders = sum(({ linked, by_time, none }) => linked + by_time + none);
  return orders >= FEWEST_ORDERS && sum(({ linked }) => linked) * 100 < LOWEST_LINK_RATE * orders;
}
