import { expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { dayAfter, daysBetween } from '../../functions/summaries/days.ts';
import { type Sending, startService } from '../support/service.ts';

/** The day of the examples, whenever the test runs. */
const PLAYED_ON = '2026-11-22';
const today = new Date().toISOString().slice(0, 10);
const [first, second] = [dayAfter(today, -2), dayAfter(today, -1)];

/** The ids shown for snapshots, in the order in which they are saved; the real ones are random. */
const IDS = [
  '0f8fad5b-d9cb-469f-a165-70867728950e',
  '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  '3d813cbb-47fb-4c9d-9f3c-1d4f8b7f2a10',
] as const;

/** The id shown for the experiment. */
const EXPERIMENT = '6b3c1d52-8a8e-4f0c-9c7e-2f1a5d4b3c21';

const config = { score_buy_target: 5.5, indicator_weights: { rsi: 2.5, macd: 2 }, excluded_symbols: ['A8-USD'] };
const fill = (id: string, more: object) => ({ fill_id: `fill-${id}`, order_id: id, symbol: 'BTC-USD', ...more });
const bought = (id: string, day: string) =>
  fill(id, { side: 'buy', price: '97000', size: '0.001', fee_usd: '0.06', filled_at: `${day}T10:00:00Z` });
const sold = (id: string, day: string, price: string) =>
  fill(id, { side: 'sell', price, size: '0.001', fee_usd: '0.06', filled_at: `${day}T11:30:00Z` });

/** Two days of trading: the calls of a bot and its owner. */
const story: readonly (readonly [id: string, sending?: Sending])[] = [
  ['saveSnapshot', { body: { config, notes: 'Baseline', active_from: `${first}T00:00:00Z` } }],
  [
    'saveSnapshot',
    {
      body: {
        config: { ...config, indicator_weights: { rsi: 1.5, macd: 2 } },
        notes: 'RSI weight 2.5 -> 1.5',
        active_from: `${second}T00:00:00Z`,
      },
    },
  ],
  ['saveSnapshot', { body: { config: { ...config, indicator_weights: { rsi: 1.5, macd: 2 } } } }],
  [
    'linkTrades',
    {
      body: {
        order_id: 'buy-2',
        signal_time: `${second}T09:59:58Z`,
        signal_data: { Score: { 'Buy Score': '6.5' }, trigger: 'SCORE', indicator_breakdown: { rsi: 1.5, macd: -0.4 } },
      },
    },
  ],
  ['recordFills', { body: [bought('buy-1', first), sold('sell-1', first, '96500')] }],
  ['recordFills', { body: [bought('buy-2', second), sold('sell-2', second, '98500')] }],
  ['getTradeLink', { path: { order_id: 'buy-2' } }],
  ['summariseDays', { body: { from: first, to: second } }],
  ['listTrades', { query: { limit: 1 } }],
  ['getTrade', { path: { trade_id: '0844e8bd-5983-2c4b-c8ee-2ca5e01d4210' } }],
  ['listPositions'],
  ['listBots'],
  ['listSummaries', { query: { limit: 1 } }],
  ['getDailyPnl'],
  ['groupTrades', { query: { from: first, to: second } }],
  ['compareStrategies'],
  ['getComparisonHistory'],
  ['planComparison', { query: { effect: '0.10' } }],
  [
    'startExperiment',
    {
      body: {
        design: 'switchback',
        baseline: IDS[0],
        candidate: { snapshot_id: IDS[1] },
        hypothesis: 'A lower RSI weight trades less often, and better',
        ...{ imported: true, seed: '0f1e2d3c4b5a69788796a5b4c3d2e1f1', starts_on: first, length: '1d', most_days: 4 },
      },
    },
  ],
  ['getExperiment', { path: { experiment_id: EXPERIMENT } }],
  ['pauseExperiment', { path: { experiment_id: EXPERIMENT }, body: { reason: 'The exchange is down' } }],
  ['resumeExperiment', { path: { experiment_id: EXPERIMENT }, body: {} }],
  ['stopExperiment', { path: { experiment_id: EXPERIMENT }, body: { by: 'Ada' } }],
  ['listExperiments'],
  ['planExperiment', { query: { effect: '0.10' } }],
  ['getAssignment'],
  [
    'recordReconciliation',
    { body: { source: 'freqtrade', compared: 3, agreed: 2, differences: [{ reason: 'fee missing', trades: 1 }] } },
  ],
  [
    'reportOutbox',
    { body: { waiting: 2, refused: 1, last_refusal: 'must be greater than 0', at: `${second}T07:59:00Z` } },
  ],
  ['getCoverage', { query: { hours: 72 } }],
  ['getReport', { query: { format: 'json' } }],
  [
    'setBot',
    {
      path: { bot_id: 'default' },
      body: {
        recipients: ['ann@example.org'],
        time_zone: 'America/New_York',
        quiet_hours: { from: '22:00', until: '08:00' },
      },
    },
  ],
  ['unblockRecipient', { body: { address: 'ann@example.org' } }],
  ['listSnapshots', { query: { limit: 1 } }],
  ['getCurrentSnapshot'],
  ['getSnapshot', { path: { snapshot_id: IDS[0] } }],
  ['getSnapshotChanges', { path: { snapshot_id: IDS[1] } }],
  [
    'editNotes',
    { path: { snapshot_id: IDS[1] }, body: { notes: 'RSI weight 2.5 -> 1.5, to trade less', edited_by: 'Ada' } },
  ],
  ['listNotesEdits', { path: { snapshot_id: IDS[1] } }],
  ['correctFill', { body: { fill_id: 'fill-sell-2', fee_usd: '0.07', reason: 'The exchange charged more' } }],
  ['listCorrections'],
  ['rollBackSnapshot', { body: { notes: 'It lost money' } }],
  ['rollBackSnapshot', { body: {} }],
  ['getHealth'],
  ['getDatabaseHealth'],
];

interface Examples {
  [id: string]: { request?: unknown; answers: Record<number, unknown> };
}

/** Replaces today's dates with those of the examples. */
const redated = (text: string): string =>
  text.replaceAll(/\d{4}-\d\d-\d\d/g, (day) => dayAfter(day, daysBetween(today, PLAYED_ON) - 1));
const weekdayOf = (day: string): string => String(new Date(day).getUTCDay() || 7);
/** The weekdays of the examples' days, by those of today. */
const weekdays = new Map([first, second].map((day) => [weekdayOf(day), weekdayOf(redated(day))]));
const decoded = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

test('the examples of the contract are the responses of the service (to update: npx vitest run examples -u)', async () => {
  const { call } = await startService();
  const began = Date.now();
  const examples: Examples = {};
  const saved: string[] = [];
  const ids: readonly unknown[] = IDS;
  let experiment = '';
  /** The request with the real ids. */
  const real = (sending: Sending | undefined): Sending | undefined =>
    sending &&
    JSON.parse(JSON.stringify(sending), (_, value) =>
      value === EXPERIMENT ? experiment : (saved[ids.indexOf(value)] ?? value),
    );
  for (const [id, sending] of story) {
    const { method, path } = operations.find((operation) => operation.id === id)!;
    const { status, body } = await call(`${method} ${path}`, real(sending));
    if (status === 201 && id === 'startExperiment') experiment = body.experiment_id;
    else if (status === 201) saved.push(body.snapshot_id);
    expect(status, `${id}: ${JSON.stringify(body)}`).toBeLessThan(300);
    if (id === 'groupTrades') for (const group of body.by_weekday) group.name = weekdays.get(group.name);
    const request = status === 201 || !examples[id] || !sending?.body ? sending?.body : examples[id].request;
    examples[id] = {
      ...(request === undefined ? {} : { request }),
      answers: { ...examples[id]?.answers, [status]: body },
    };
  }
  // A time of this run has a fraction, but for one in a thousand.
  const ended = Date.now();
  const isOfThisRun = (time: string) =>
    Date.parse(time) >= began - 1000 && Date.parse(time) <= ended && !JSON.stringify(story).includes(time);
  const recorded = JSON.stringify(examples, null, 2).replaceAll(/\d{4}-\d\d-\d\dT[\d:]{8}Z/g, (time) =>
    isOfThisRun(time) ? time.replace('Z', '.123456Z') : time,
  );
  const text = redated(recorded)
    .replaceAll(/(?<="next_cursor": ")[^"]+/g, (cursor) => encoded(redated(decoded(cursor))))
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => (id === experiment ? EXPERIMENT : (IDS[saved.indexOf(id)] ?? id)))
    .replaceAll(/T[\d:]{8}\.(?!0+Z)\d+Z/g, 'T08:00:00.123456Z');
  await expect(`${text}\n`).toMatchFileSnapshot('../../functions/examples.json');
});
