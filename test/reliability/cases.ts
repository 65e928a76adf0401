import { dayAfter } from '../../functions/summaries/days.ts';
import type { Sending, Service } from '../support/service.ts';
import { historyOf } from './history.ts';
import { fillsIn, linksIn, rollBack, save, start, summaries, type Write } from './writes.ts';

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
  start(bot_id, {
    candidate: { config: { rsi: 'tested elsewhere' } },
    ...{ imported: true, seed: 'ab'.repeat(16), starts_on: history.from, length: '12h', most_days: 30 },
  }),
];
/** Computes the days of a bot, so that two bots can be compared. */
export const computed = (bot_id: string): Write => summaries(bot_id, history);

const only = ([write]: readonly Write[]): Write => {
  if (!write) throw new Error('expected a write');
  return write;
};

const change =
  (action: 'pause' | 'resume' | 'stop', body: object = {}) =>
  (_: string, { experiment_id }: Ids): Write => ({
    route: `POST /experiments/{experiment_id}/${action}`,
    path: { experiment_id },
    body,
  });

/** What a bot has after `posted`. */
export interface Ids {
  readonly snapshot_id: string;
  readonly trade_id: string;
  readonly experiment_id: string;
}

/** The active snapshot, the latest trade and the experiment of a bot. */
export async function idsOf(call: Service['call'], bot_id: string): Promise<Ids> {
  const query = { bot_id };
  const [snapshot, trades, experiments] = await Promise.all([
    call('GET /snapshots/current', { query }),
    call('GET /trades', { query: { ...query, limit: 1 } }),
    call('GET /experiments', { query: { ...query, status: 'running' } }),
  ]);
  const { experiment_id } = experiments.body.experiments.at(-1) ?? {};
  return { snapshot_id: snapshot.body.snapshot_id, trade_id: trades.body.trades[0]?.trade_id, experiment_id };
}

/** One request for each writing operation, on top of `posted`. */
export const writing: Readonly<Record<string, (bot_id: string, ids: Ids) => Write>> = {
  saveSnapshot: (bot_id) => save(bot_id, { config: { rsi: 'next' }, notes: 'next' }),
  rollBackSnapshot: (bot_id) => rollBack(bot_id),
  editNotes: (_, { snapshot_id }) => ({
    route: 'POST /snapshots/{snapshot_id}/notes',
    path: { snapshot_id },
    body: { notes: 'another reason', edited_by: 'Ada' },
  }),
  linkTrades: (bot_id) => only(linksIn(bot_id, lateLinks, 500)),
  recordFills: (bot_id) => only(fillsIn(bot_id, lateFills, 1000)),
  correctFill: (bot_id) => ({
    route: 'POST /fills/corrections',
    body: { bot_id, fill_id: earlyFills[0]?.fill_id, price: '99.5', reason: 'the exchange said so' },
  }),
  recordReconciliation: (bot_id) => ({
    route: 'POST /reconciliations',
    body: {
      bot_id,
      source: 'freqtrade',
      compared: 3,
      agreed: 2,
      differences: [{ reason: 'fee missing', trades: 1 }],
      at: `${history.to}T00:00:00Z`,
    },
  }),
  reportOutbox: (bot_id) => ({
    route: 'POST /outboxes',
    body: { bot_id, waiting: 1, refused: 0, at: `${history.to}T00:00:00Z` },
  }),
  setBot: (bot_id) => ({
    route: 'PUT /bots/{bot_id}',
    path: { bot_id },
    body: { recipients: ['ann@example.org'], time_zone: 'Asia/Tokyo', quiet_hours: { from: '22:00', until: '07:30' } },
  }),
  unblockRecipient: () => ({ route: 'POST /blocked-recipients/unblock', body: { address: 'ann@example.org' } }),
  summariseDays: computed,
  startExperiment: (bot_id) => start(bot_id, { candidate: { config: { rsi: 'tested' } } }),
  pauseExperiment: change('pause', { now: true, reason: 'the exchange is down' }),
  resumeExperiment: change('resume'),
  stopExperiment: change('stop', { by: 'Ada' }),
};

/** One request for each reading operation. */
export const reading = (
  bot_id: string,
  { snapshot_id, trade_id, experiment_id }: Ids,
): Readonly<Record<string, Sending & { route: string }>> => {
  const query = { bot_id };
  return {
    listSnapshots: { route: 'GET /snapshots', query },
    getCurrentSnapshot: { route: 'GET /snapshots/current', query },
    getSnapshot: { route: 'GET /snapshots/{snapshot_id}', path: { snapshot_id } },
    getSnapshotChanges: { route: 'GET /snapshots/{snapshot_id}/changes', path: { snapshot_id } },
    listNotesEdits: { route: 'GET /snapshots/{snapshot_id}/notes', path: { snapshot_id } },
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
    getDailyPnl: { route: 'GET /summaries/pnl', query },
    groupTrades: { route: 'GET /trades/groups', query: { bot_id, from: history.from, to: history.to } },
    compareStrategies: { route: 'GET /comparison', query },
    getComparisonHistory: { route: 'GET /comparison/history', query },
    planComparison: { route: 'GET /comparison/plan', query: { bot_id, effect: '0.1' } },
    listExperiments: { route: 'GET /experiments', query },
    planExperiment: { route: 'GET /experiments/plan', query: { bot_id, effect: '0.1' } },
    getExperiment: { route: 'GET /experiments/{experiment_id}', path: { experiment_id } },
    getAssignment: { route: 'GET /assignment', query },
    getReport: { route: 'GET /report', query: { bot_id, date: history.to, format: 'json' } },
    getDatabaseHealth: { route: 'GET /health/database' },
    getHealth: { route: 'GET /health' },
    getOpenApi: { route: 'GET /openapi.json' },
  };
};

/** Operations that do not use the database. */
export const withoutDatabase: readonly string[] = ['getHealth', 'getOpenApi'];
