import { batch } from '../contract/batch.ts';
import { tooFarAhead } from '../contract/future.ts';
import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { AllRejected, publicRejection, type Rejection } from '../errors.ts';
import { snapshotById } from '../snapshots/snapshots.ts';
import { type Coverage, Fill, MOST_FILLS, type Trade } from './contract.ts';
import { driftOf } from './drift.ts';
import { usdPerQuote } from './quote.ts';
import * as store from './store.ts';

/** Takes fills in: stores them once, matches them first in first out, and makes the closed trades.
 *  @throws InvalidInput, TooLarge, AllRejected */
export async function recordFills(database: Database, body: unknown, now: Date) {
  const { accepted, rejected } = batch(body, {
    schema: Fill,
    most: MOST_FILLS,
    id: 'fill_id',
    refuse: (fill) => whyNot(fill, now),
  });
  const fills = accepted.map(({ index, item }) => ({
    index,
    ...item,
    usd_per_quote: usdPerQuote(item.symbol, item.quote_usd),
  }));
  const outcomes = fills.length > 0 ? await store.recordFills(database, fills) : [];

  const fillIds = new Map(accepted.map(({ index, item }) => [index, item.fill_id]));
  const conflicts = outcomes.flatMap(({ index, reason }): Rejection[] =>
    index === null ? [] : [{ index, id: fillIds.get(index) ?? null, reason: `conflict: ${reason}` }],
  );
  const allRejected = [...rejected, ...conflicts].sort((a, b) => a.index - b.index);
  if (outcomes.length === conflicts.length) throw new AllRejected(allRejected);

  const count = (status: string) =>
    outcomes.filter((outcome) => outcome.status === status).reduce((sum, { fills }) => sum + fills, 0);
  return {
    accepted: count('accepted'),
    updated: count('updated'),
    duplicates: count('duplicate'),
    rejected: allRejected.map(publicRejection),
  };
}

function whyNot(fill: Fill, now: Date): string | null {
  for (const field of ['filled_at', 'placed_at'] as const) {
    const why = tooFarAhead(fill[field], now);
    if (why) return `${field}: ${why}`;
  }
  return usdPerQuote(fill.symbol, fill.quote_usd) === null
    ? `quote_usd: is needed, since the quote of ${fill.symbol} is none of USD, USDC and USDT`
    : null;
}

export async function listTrades(
  database: Database,
  query: store.TradeFilter & { limit: number },
): Promise<{ trades: Trade[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    query.limit,
    (limit) => store.trades(database, query, limit),
    ({ closed_at, order_id, part }) => [closed_at, order_id, part],
  );
  return { trades: items.map(({ part: _, ...trade }) => trade), next_cursor };
}

/** How the orders filled in [from, to) are attributed. */
export async function coverageBetween(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<Coverage> {
  const [coverage, stated] = await Promise.all([
    store.coverage(database, botId, { from, to }),
    store.statedSettings(database, botId, { from, to }),
  ]);
  return { bot_id: botId, from, to, ...coverage, drift: await driftFrom(database, stated) };
}

/** What the bot says that it trades with, where its snapshot says otherwise. */
async function driftFrom(database: Database, stated: readonly store.StatedRow[]): Promise<Coverage['drift']> {
  const drift: Coverage['drift'] = [];
  for (const { snapshot_id, tracked_hash, config_hash, settings, orders } of stated) {
    if (config_hash !== null && config_hash !== tracked_hash)
      drift.push({ snapshot_id, path: '', snapshot: tracked_hash, bot: config_hash, orders });
    if (settings === null) continue;
    const { config } = await snapshotById(database, snapshot_id);
    drift.push(...driftOf(config, settings).map((difference) => ({ snapshot_id, ...difference, orders })));
  }
  return drift;
}

/** How the orders of the hours before `now` are attributed. */
export function recentCoverage(
  database: Database,
  botId: string,
  { hours, now }: { hours: number; now: Date },
): Promise<Coverage> {
  const from = new Date(now.getTime() - hours * 3_600_000);
  return coverageBetween(database, botId, { from: from.toISOString(), to: now.toISOString() });
}
