import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresServer } from '@strategy-snapshots/rds-data-local';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import type { Endpoints } from '../../local/environment.ts';
import { startInbox } from '../../local/inbox/inbox.ts';
import { type RunningQueues, startQueues } from '../../local/queue.ts';
import { dataApiOver } from '../support/data-api.ts';
import { emptyUrl } from '../support/database.ts';
import { packagesOf } from './packages-of-bundle.ts';
import { request, startSynthesised, synthesised } from './synthesised.ts';

let directory: string;
let functions: Awaited<ReturnType<typeof synthesised>>;
let endpoints: Endpoints;
/** What the night has handed over. */
const handedOver: SQSRecord[] = [];
let queues: RunningQueues;
const running: (() => unknown)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-bundles-'));
  functions = await synthesised(directory);
  const engine = await openPostgresServer(await emptyUrl());
  const dataApi = await dataApiOver(engine);
  const inbox = await startInbox({ port: 0 });
  queues = await startQueues(
    [nightlyBots, mailings].map((definition) => ({
      definition,
      async deliver({ Records }) {
        handedOver.push(...Records);
        return { batchItemFailures: [] };
      },
    })),
  );
  running.push(
    () => queues.close(),
    () => dataApi.close(),
    () => inbox.close(),
    () => engine.close(),
  );
  endpoints = { database: dataApi.url, ses: inbox.url };
});

afterAll(async () => {
  for (const stop of running) await stop();
  await rm(directory, { recursive: true, force: true });
});

async function deployed(entry: string) {
  const found = functions.get(entry);
  if (!found) throw new Error(`no function is made of ${entry}`);
  return startSynthesised(found, directory, endpoints, queues);
}

const draws = ['@observablehq/plot', '@resvg/resvg-wasm', 'linkedom'];
const packs = ['nodemailer', 'csv-stringify'];

describe('the functions that a deployment uploads', () => {
  test('are one for each capability, each schedule, each queue, the events of mails, and the migrations', () => {
    const capabilities = [...new Set(operations.map(({ capability }) => `functions/${capability}/handler.ts`))];
    expect([...functions.keys()].sort()).toEqual(
      [
        ...capabilities,
        'functions/database/migrate.ts',
        'functions/report/bot-reports.ts',
        'functions/report/daily.ts',
        'functions/report/mail-events.ts',
        'functions/report/mailings.ts',
        'functions/report/weekly.ts',
        'functions/summaries/nightly.ts',
        'functions/summaries/nightly-bots.ts',
      ].sort(),
    );
  });

  test('include the chart renderer only for the report, and the mail composer only where mails are sent', async () => {
    const carrying = (wanted: readonly string[]) =>
      [...functions]
        .filter(([, { bundle }]) => wanted.some((name) => packagesOf(bundle).all.has(name)))
        .map(([entry]) => entry)
        .sort();
    const reports = ['daily', 'handler', 'mailings', 'weekly'].map((name) => `functions/report/${name}.ts`);
    expect(carrying(draws)).toEqual(reports);
    expect(carrying(packs)).toEqual(reports.filter((entry) => !entry.endsWith('handler.ts')));
    const withFiles = [];
    for (const [entry, { bundle }] of functions) {
      const files = await readdir(join(bundle, '..'), { recursive: true });
      if (files.some((file) => /\.(wasm|ttf)$/.test(file))) withFiles.push(entry);
    }
    expect(withFiles.sort()).toEqual(reports);
  });

  test('load neither the chart renderer nor the mail composer on a cold start', () => {
    for (const [entry, { bundle }] of functions) {
      const { atStart } = packagesOf(bundle);
      expect(atStart, entry).toContain('zod');
      expect(
        [...draws, ...packs].filter((name) => atStart.has(name)),
        entry,
      ).toEqual([]);
    }
  });

  test('run on their own, with only their own environment, from the migration to the mail', async () => {
    const call = async (entry: string, event: unknown) => {
      const run = await deployed(entry);
      try {
        return await run.invoke(event);
      } finally {
        run.stop();
      }
    };
    const api = async (capability: string, routeKey: string, more?: Parameters<typeof request>[1]) => {
      const { statusCode, body } = await call(`functions/${capability}/handler.ts`, request(routeKey, more));
      return { status: statusCode, body: String(body) };
    };

    expect(await call('functions/database/migrate.ts', {})).toMatchObject({ time_zone_changed: false });
    expect(await api('service', 'GET /health')).toMatchObject({ status: 200 });
    const at = (time: string) => `2026-11-02T${time}Z`;
    const snapshot = await api('snapshots', 'POST /snapshots', {
      body: { config: { rsi: 2.5 }, active_from: '2026-11-01T00:00:00Z' },
    });
    expect(snapshot.status).toBe(201);
    const fill = { symbol: 'BTC-USD', size: '1', fee_usd: '0' };
    const fills = [
      { ...fill, fill_id: 'b', order_id: 'buy', side: 'buy', price: '100', filled_at: at('10:00:00') },
      { ...fill, fill_id: 's', order_id: 'sell', side: 'sell', price: '107.5', filled_at: at('10:05:00') },
    ];
    expect(JSON.parse((await api('trades', 'POST /fills', { body: fills })).body)).toMatchObject({ accepted: 2 });
    expect((await api('trade-links', 'POST /trade-links', { body: { order_id: 'buy' } })).status).toBe(200);
    expect(
      await call('functions/summaries/nightly.ts', { schedule: 'daily-summary', at: '2026-11-03T00:05:00Z' }),
    ).toMatchObject({ date: '2026-11-02', bots: 1 });
    await queues.drained();
    expect(await call('functions/summaries/nightly-bots.ts', { Records: handedOver })).toEqual({
      batchItemFailures: [],
    });
    expect(
      JSON.parse((await api('summaries', 'GET /summaries', { query: { from: '2026-11-02' } })).body).summaries[0],
    ).toMatchObject({ total_pnl_usd: 7.5 });
    expect(JSON.parse((await api('comparison', 'GET /comparison')).body).strategies[0]).toMatchObject({
      total_pnl: 7.5,
      total_trades: 1,
    });
    expect(
      (await api('report', 'GET /report', { query: { detail: 'full', format: 'text', date: '2026-11-02' } })).body,
    ).toContain('$7.50');
    expect(await call('functions/report/daily.ts', { schedule: 'daily-report', at: '2026-11-03T07:00:00Z' })).toEqual({
      date: '2026-11-02',
      sent: 1,
    });
    const earlier = fills.map((each) => ({
      ...each,
      fill_id: `earlier-${each.fill_id}`,
      order_id: `earlier-${each.order_id}`,
      filled_at: each.filled_at.replace('-02T', '-01T'),
    }));
    expect((await api('trades', 'POST /fills', { body: earlier })).status).toBe(200);
    expect(await call('functions/report/weekly.ts', { schedule: 'weekly-review', at: '2026-11-03T07:00:00Z' })).toEqual(
      { date: '2026-11-02', sent: 1 },
    );
    const own = { path: { bot_id: 'default' }, body: { recipients: ['ann@example.org'] } };
    expect((await api('service', 'PUT /bots/{bot_id}', own)).status).toBe(200);
    handedOver.length = 0;
    const run = { schedule: 'bot-reports', at: '2026-11-03T07:00:00Z', date: '2026-11-02' };
    expect(await call('functions/report/bot-reports.ts', run)).toEqual({ mailings: 1, overdue: 0 });
    await queues.drained();
    expect(await call('functions/report/mailings.ts', { Records: handedOver })).toEqual({ batchItemFailures: [] });
    const { mails } = (await (await fetch(`${endpoints.ses}/mails`)).json()) as {
      mails: { to: string[]; html: string; attachments: { contentType: string }[] }[];
    };
    const [toOwn, review, daily] = mails;
    expect(daily?.html).toContain('$7.50');
    expect(toOwn).toMatchObject({ to: own.body.recipients, html: expect.stringContaining('$7.50') });
    expect(review?.attachments.map(({ contentType }) => contentType)).toContain('image/png');
    expect((await api('report', 'GET /report', { query: { detail: 'full', date: '2026-11-02' } })).body).toContain(
      'src="data:image/png;base64,',
    );
  });
});
