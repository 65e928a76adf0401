import { batch } from '../contract/batch.ts';
import { tooFarAhead } from '../contract/future.ts';
import type { Database } from '../database/database.ts';
import { AllRejected, NotFound, publicRejection, type Rejection } from '../errors.ts';
import { LinkTrade, MOST_LINKS, type TradeLink } from './contract.ts';
import { normalized } from './signal.ts';
import * as store from './store.ts';

/** Links orders to their signals and snapshots. @throws InvalidInput, TooLarge, AllRejected */
export async function linkTrades(database: Database, body: unknown, now: Date) {
  const { accepted, rejected } = batch(body, {
    schema: LinkTrade,
    most: MOST_LINKS,
    id: 'order_id',
    refuse: ({ signal_time }) => {
      const reason = tooFarAhead(signal_time, now);
      return reason && `signal_time: ${reason}`;
    },
  });
  const outcomes =
    accepted.length > 0
      ? await store.linkTrades(
          database,
          accepted.map(({ index, item }) => ({ index, ...normalized(item) })),
        )
      : [];

  const results = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [] : [outcome]));
  const refused = outcomes.flatMap(({ index, ...outcome }): Rejection[] =>
    outcome.status === 'rejected'
      ? [{ index, id: accepted.find((link) => link.index === index)?.item.order_id ?? null, reason: outcome.reason }]
      : [],
  );
  const allRejected = [...rejected, ...refused].sort((a, b) => a.index - b.index);
  if (results.length === 0) throw new AllRejected(allRejected);

  const count = (status: string) => results.filter((result) => result.status === status).length;
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    results: results.map(({ index: _, ...result }) => result),
    rejected: allRejected.map(publicRejection),
  };
}

/** What was said of these orders. */
export const linksOf = (database: Database, botId: string, orderIds: readonly string[]): Promise<TradeLink[]> =>
  store.tradeLinks(database, botId, orderIds);

export async function linkOf(database: Database, botId: string, orderId: string): Promise<TradeLink> {
  const link = await store.tradeLink(database, botId, orderId);
  if (!link) throw new NotFound(`order ${orderId} of bot ${botId} has no link`);
  return link;
}
