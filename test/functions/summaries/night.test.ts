import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { nightlyBots } from '../../../functions/queues.ts';
import { beginNight, summariseNight } from '../../../functions/summaries/night.ts';
import { lambdaContext } from '../../../local/context.ts';
import { startQueues } from '../../../local/queue.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
// Makes the metrics go through the console, where the test can read them.
process.env.POWERTOOLS_DEV = 'true';
/** What the night has handed over: the tests deliver it. */
const sent: SQSRecord[] = [];
const queue = await startQueues([
  {
    definition: nightlyBots,
    async deliver({ Records }) {
      sent.push(...Records);
      return { batchItemFailures: [] };
    },
  },
]);
afterAll(() => queue.close());
Object.assign(process.env, queue.environment);
const nightly = await import('../../../functions/summaries/nightly.ts');
const nightlyBotsFunction = await import('../../../functions/summaries/nightly-bots.ts');

const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
const published = (name: string): number =>
  printed.mock.calls
    .map(([line]) => String(line))
    .filter((line) => line.includes('_aws'))
    .reduce((sum, line) => sum + (JSON.parse(line)[name] ?? 0), 0);

const NIGHT = '2026-01-04T00:05:00Z';
const bot = (name: string): string => `${name}-${crypto.randomUUID()}`;

async function botsWithSnapshots(ids: readonly string[]): Promise<void> {
  for (const bot_id of ids)
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-01-01T00:00:00Z' } });
}

/** Begins a night. @returns its run, and its messages, by bot */
async function begin(): Promise<{ run_id: number; messages: SQSRecord[]; of: (bot_id: string) => SQSRecord[] }> {
  sent.length = 0;
  const { run_id } = (await nightly.handler({ schedule: 'daily-summary', at: NIGHT }, lambdaContext(60_000))) as {
    run_id: number;
  };
  await queue.drained();
  const messages = [...sent];
  return { run_id, messages, of: (bot_id) => messages.filter(({ body }) => JSON.parse(body).bot_id === bot_id) };
}

const deliver = (Records: SQSRecord[], milliseconds = 14 * 60_000) =>
  nightlyBotsFunction.handler({ Records }, lambdaContext(milliseconds));
const days = async (bot_id: string): Promise<number> =>
  (await service.call('GET /summaries', { query: { bot_id } })).body.summaries.length;
const runOf = async (run_id: number) =>
  (await service.sql('SELECT bots, rows, outcome, error FROM summary_runs WHERE run_id = $1', [run_id]))[0];

beforeEach(async () => {
  printed.mockClear();
  // So that each night has the bots of its test alone.
  await service.sql('TRUNCATE bots, summary_runs CASCADE');
});

test('a night hands over every bot once, however many, and is complete when the last one is done', async () => {
  await service.sql("INSERT INTO bots (bot_id) SELECT 'bot-' || n FROM generate_series(1, 1030) AS n");
  const { run_id, messages } = await begin();
  expect(new Set(messages.map(({ body }) => JSON.parse(body).bot_id)).size).toBe(1030);
  expect(messages).toHaveLength(1030);

  await deliver(messages.slice(0, 1029));
  expect(await runOf(run_id)).toMatchObject({ bots: 1030, outcome: 'running' });
  expect(published('NightlyRuns')).toBe(0);
  await deliver(messages.slice(1029));
  expect(await runOf(run_id)).toMatchObject({ outcome: 'succeeded' });
  expect(published('NightlyRuns')).toBe(1);
  expect(await service.sql('SELECT FROM summarised_bots')).toEqual([]);
});

test('a night is not complete while its bots are still being handed over', async () => {
  await service.sql("INSERT INTO bots (bot_id) VALUES ('first')");
  const completed: boolean[] = [];
  const { is_complete } = await beginNight(service.database, NIGHT, async (bots) => {
    for (const { run_id, date, bot_id } of bots)
      completed.push(
        (await summariseNight(service.database, { run_id, date, bots: [bot_id] }, [], () => true)).is_complete,
      );
  });
  expect([...completed, is_complete]).toEqual([false, true]);
});

test('messages that are delivered again, even after the end, change nothing and complete nothing twice', async () => {
  const id = bot('twice');
  await botsWithSnapshots([id]);
  const { run_id, messages } = await begin();
  for (let i = 0; i < 3; i++) expect(await deliver(messages)).toEqual({ batchItemFailures: [] });
  expect(await days(id)).toBe(3);
  expect(await runOf(run_id)).toMatchObject({ rows: 3, outcome: 'succeeded' });
  expect(published('NightlyRuns')).toBe(1);
});

test('a night whose bots are done all at once is complete exactly once', async () => {
  const ids = Array.from({ length: 12 }, () => bot('at-once'));
  await botsWithSnapshots(ids);
  const { run_id, messages } = await begin();
  await Promise.all(messages.map((message) => deliver([message])));
  expect(await runOf(run_id)).toMatchObject({ rows: 36, outcome: 'succeeded' });
  expect(published('NightlyRuns')).toBe(1);
});

test('a bot that fails is delivered again alone, and holds up only the end of the night', async () => {
  const [broken, whole] = [bot('broken'), bot('whole')];
  await botsWithSnapshots([broken, whole]);
  const { run_id, messages, of } = await begin();
  await service.sql(
    `ALTER TABLE strategy_performance_summary ADD CONSTRAINT unsummarised CHECK (bot_id <> '${broken}') NOT VALID`,
  );
  const failed = of(broken).map(({ messageId: itemIdentifier }) => ({ itemIdentifier }));
  expect(await deliver(messages)).toEqual({ batchItemFailures: failed });
  await service.sql('ALTER TABLE strategy_performance_summary DROP CONSTRAINT unsummarised');
  expect([await days(broken), await days(whole)]).toEqual([0, 3]);
  expect(await runOf(run_id)).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(new RegExp(`^${broken}: .*unsummarised`)),
  });
  expect(published('NightlyRuns')).toBe(0);

  await deliver(of(broken));
  expect(await days(broken)).toBe(3);
  expect(await runOf(run_id)).toMatchObject({ outcome: 'succeeded', error: null });
  expect(published('NightlyRuns')).toBe(1);
});

test('bots for which an invocation has no time left are delivered again', async () => {
  const ids = [bot('late'), bot('late')];
  await botsWithSnapshots(ids);
  const { messages } = await begin();
  // Less than an invocation reserves for its end.
  const { batchItemFailures } = await deliver(messages, 50_000);
  expect(batchItemFailures).toHaveLength(2);
  expect(await days(ids[0] ?? '')).toBe(0);
});

test('a night without bots is complete at once', async () => {
  const { run_id, messages } = await begin();
  expect(messages).toEqual([]);
  expect(await runOf(run_id)).toMatchObject({ bots: 0, outcome: 'succeeded' });
  expect(published('NightlyRuns')).toBe(1);
});

test('a message that is not of a night is left for the dead letters', async () => {
  const [message] = (await begin()).messages;
  await expect(deliver([{ ...(message as SQSRecord), body: '{"bot_id":"x"}' }])).rejects.toThrow('run_id');
});

test('a queue that does not take a message fails the night, and the retried event begins another', async () => {
  await service.sql("INSERT INTO bots (bot_id) VALUES ('refused')");
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const send = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({
    Failed: [{ Id: '0', Code: 'InternalError', Message: 'try again', SenderFault: false }],
  } as never);
  await expect(begin()).rejects.toThrow('InternalError: try again');
  send.mockRestore();
  const { run_id, messages } = await begin();
  await deliver(messages);
  expect(await runOf(run_id)).toMatchObject({ outcome: 'succeeded' });
});
