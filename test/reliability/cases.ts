import { dayAfter } from '../../functions/summaries/days.ts';
import type { Sending, Service } from '../support/service.ts';
import { historyOf } from './history.ts';
import { fillsIn, linksIn, rollBack, save, summaries, type Write } from './writes.ts';

const today = new Date().toISOString().slice(0, 10);
/** The history ends yesterday, so that a report has few days to bring up to date. */
export const history = historyOf(3, { days: 2, ordersADay: 5, from: dayAfter(today, -2) });
const halfOf = <Item>(items: readonly Item[]) => [items.slice(0, items.length / 2), items.slice(items.length / 2)];
const [earlyLinks = [], lateLinks = []] = halfOf(history.links);
const [earlyFills = [], lateFills = []] = halfOf(history.fills);

/** The history that a bot has posted before. */
export const posted = (bot_id: string): Write[] => [
  ...history.snapshots.map((snapshot) => save(bot_id, snapshot)),
  save(bot_id, { config: { rsi: 'live' } }),
  ...linksIn(bot_id, earlyLinks, 100),
  ...fillsIn(bot_id, earlyFills, 100),
];
/** Computes the days of a bot, so that two bots can be compared. */
export const computed = (bot_id: string): Write => summaries(bot_id, history);

const only = ([write]: readonly Write[]): Write => {
  if (!write) throw new Error('expected a write');
  return write;
};

/** One request for each writing operation, on top of `posted`. */
export const writing: Readonly<Record<string, (bot_id: string) => Write>> = {
  saveSnapshot: (bot_id) => save(bot_id, { config: { rsi: 'next' }, notes: 'next' }),
  rollBackSnapshot: (bot_id) => rollBack(bot_id),
  linkTrades: (bot_id) => only(linksIn(bot_id, lateLinks, 500)),
  recordFills: (bot_id) => only(fillsIn(bot_id, lateFills, 1000)),
  correctFill: (bot_id) => ({
    route: 'POST /fills/corrections',
    body: { bot_id, fill_id: earlyFills[0]?.fill_id, price: '99.5', reason: 'the exchange said so' },
  }),
  summariseDays: computed,
};

/** One request for each reading operation, for a bot with this snapshot and this trade. */
export const reading = (
  bot_id: string,
  snapshot_id: string,
  trade_id: string,
): Readonly<Record<string, Sending & { route: string }>> => {
  const query = { bot_id };
  return {
    listSnapshots: { route: 'GET /snapshots', query },
    getCurrentSnapshot: { route: 'GET /snapshots/current', query },
    getSnapshot: { route: 'GET /snapshots/{snapshot_id}', path: { snapshot_id } },
    getSnapshotChanges: { route: 'GET /snapshots/{snapshot_id}/changes', path: { snapshot_id } },
    getTradeLink: {
      route: 'GET /trade-links/{order_id}',
      path: { order_id: (earlyFills[0] as { order_id: string }).order_id },
      query,
    },
    listCorrections: { route: 'GET /fills/corrections', query },
    listTrades: { route: 'GET /trades', query },
    getTrade: { route: 'GET /trades/{trade_id}', path: { trade_id } },
    listPositions: { route: 'GET /positions', query },
    listBots: { route: 'GET /bots' },
    getCoverage: { route: 'GET /coverage', query: { bot_id, hours: 24 } },
    listSummaries: { route: 'GET /summaries', query },
    compareStrategies: { route: 'GET /comparison', query },
    getComparisonHistory: { route: 'GET /comparison/history', query },
    planComparison: { route: 'GET /comparison/plan', query: { bot_id, effect: '0.1' } },
    getReport: { route: 'GET /report', query: { bot_id, date: history.to, format: 'json' } },
    getDatabaseHealth: { route: 'GET /health/database' },
    getHealth: { route: 'GET /health' },
    getOpenApi: { route: 'GET /openapi.json' },
  };
};

/** The latest trade of a bot. */
export async function latestTrade(call: Service['call'], bot_id: string): Promise<string> {
  const { body } = await call('GET /trades', { query: { bot_id, limit: 1 } });
  return body.trades[0].trade_id;
}

/** Operations that do not use the database. */
export const withoutDatabase: readonly string[] = ['getHealth', 'getOpenApi'];
