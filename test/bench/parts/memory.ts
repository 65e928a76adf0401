import type { SQSRecord } from 'aws-lambda';
import { mailings, nightlyBots } from '../../../functions/queues.ts';
import { startDatabase } from '../../../local/database.ts';
import { startInbox } from '../../../local/inbox/inbox.ts';
import { startQueues } from '../../../local/queue.ts';
import { request, type Synthesised, startSynthesised } from '../../infra/synthesised.ts';
import { market, next } from '../market.ts';
import { type Measured, measured } from '../measure.ts';

const of = (capability: string): string => `functions/${capability}/handler.ts`;
const fills = next(market({ seed: 4, from: '2026-01-01T00:00:00Z', perDay: 500 }), 1000);
const long = (name: string, i: number): string => name.padEnd(200 - String(i).length, '-') + i;

/** A batch of the night's queue. */
const night = {
  Records: Array.from({ length: nightlyBots.batch }, (_, i) => ({
    messageId: String(i),
    body: JSON.stringify({ run_id: 1, date: '2026-01-03', bot_id: i === 0 ? 'default' : `bot-${i}` }),
  })),
};

/** What was handed over to the recipients of a bot. */
const mailed: { Records: SQSRecord[] } = { Records: [] };

/** The largest request of each function, ordered so that each finds the data of the previous ones. Of two requests of a function the larger counts. */
const largest: readonly (readonly [entry: string, event: unknown])[] = [
  ['functions/database/migrate.ts', {}],
  [
    of('snapshots'),
    request('POST /snapshots', {
      body: { config: { notes: 'x'.repeat(48_000) }, active_from: '2025-12-01T00:00:00Z' },
    }),
  ],
  [
    of('trades'),
    request('POST /fills', {
      body: fills.map((fill, i) => ({ ...fill, client_order_id: long('client', i), source: 'bot'.padEnd(100, '-') })),
    }),
  ],
  [
    of('trade-links'),
    request('POST /trade-links', {
      body: fills.slice(0, 240).map(({ order_id }, i) => ({
        order_id: `${order_id}-${i}`,
        indicator_breakdown: { note: 'x'.repeat(15_000) },
      })),
    }),
  ],
  [of('summaries'), request('POST /summaries', { body: { from: '2025-12-01', to: '2026-11-01' } })],
  [of('comparison'), request('GET /comparison', { query: { limit: '500' } })],
  [of('report'), request('GET /report', { query: { detail: 'full', date: '2026-01-02', format: 'html' } })],
  [of('service'), request('GET /openapi.json')],
  ['functions/summaries/nightly.ts', { schedule: 'daily-summary', at: '2026-01-04T00:05:00Z' }],
  [nightlyBots.entry, night],
  ['functions/report/daily.ts', { schedule: 'daily-report', at: '2026-01-04T07:00:00Z' }],
  ['functions/report/weekly.ts', { schedule: 'weekly-review', at: '2026-01-05T07:00:00Z' }],
  [
    of('service'),
    request('PUT /bots/{bot_id}', { path: { bot_id: 'default' }, body: { recipients: ['owner@example.com'] } }),
  ],
  // By hand for a day, and so at once.
  ['functions/report/bot-reports.ts', { schedule: 'bot-reports', at: '2026-01-05T07:00:00Z', date: '2026-01-03' }],
  [mailings.entry, mailed],
];

/** Peak memory of each function after its largest request, in MB, compared with half of its limit. */
export async function memory(functions: ReadonlyMap<string, Synthesised>, directory: string): Promise<Measured[]> {
  const database = await startDatabase({});
  const inbox = await startInbox({ port: 0 });
  const done = { batchItemFailures: [] };
  const queues = await startQueues([
    { definition: nightlyBots, deliver: async () => done },
    {
      definition: mailings,
      async deliver({ Records }) {
        mailed.Records.push(...Records);
        return done;
      },
    },
  ]);
  const endpoints = { database: database.url, ses: inbox.url };
  try {
    const peaks = new Map<string, { peak: number; given: number }>();
    for (const [entry, event] of largest) {
      const synthesised = functions.get(entry);
      if (!synthesised) throw new Error(`there is no function with the entry ${entry}`);
      const run = await startSynthesised(synthesised, directory, endpoints, queues);
      try {
        const { statusCode = 200, body } = await run.invoke(event);
        if (Number(statusCode) >= 300) throw new Error(`${entry} answered ${statusCode}: ${body}`);
        const peak = Math.max(run.peakMemory(), peaks.get(entry)?.peak ?? 0);
        peaks.set(entry, { peak, given: synthesised.memory });
      } finally {
        run.stop();
      }
    }
    return [...peaks].map(([entry, { peak, given }]) =>
      measured(`memory of ${entry} at its largest request`, peak, 'MB', {
        against: { what: 'given', value: given },
        target: { most: 0.5 },
      }),
    );
  } finally {
    await database.stop();
    await inbox.close();
    await queues.close();
  }
}
