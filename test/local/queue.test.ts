import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, expect, test } from 'vitest';
import { nightlyBots } from '../../functions/queues.ts';
import { type RunningQueues, startQueues } from '../../local/queue.ts';

const open: RunningQueues[] = [];
afterEach(async () => {
  for (const queue of open.splice(0)) await queue.close();
});

const clientOf = ({ environment }: RunningQueues): SQSClient =>
  new SQSClient({
    region: 'us-east-1',
    endpoint: environment.AWS_ENDPOINT_URL_SQS,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

async function queueTo(deliver: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<RunningQueues> {
  const queue = await startQueues([{ definition: nightlyBots, deliver }]);
  open.push(queue);
  return queue;
}

/** A queue, and the batches of bodies that it delivered; `fails` says which bodies fail. */
async function queueThat(fails: (body: string) => boolean = () => false) {
  const batches: string[][] = [];
  const queue = await queueTo(async ({ Records }) => {
    batches.push(Records.map(({ body }) => body));
    const failed = Records.filter(({ body }) => fails(body));
    return { batchItemFailures: failed.map(({ messageId: itemIdentifier }) => ({ itemIdentifier })) };
  });
  const client = clientOf(queue);
  const send = (bodies: readonly string[]) =>
    client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.environment.NIGHTLY_BOTS_URL,
        Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
      }),
    );
  return { queue, batches, send };
}

test('what the SDK sends is delivered once', async () => {
  const { queue, batches, send } = await queueThat();
  const { Successful = [] } = await send(['one', 'Zwölf €', '{"three":3}']);
  expect(Successful).toHaveLength(3);
  await queue.drained();
  expect(batches.flat()).toEqual(['one', 'Zwölf €', '{"three":3}']);
});

test('a message that fails is delivered again alone, and given up after three attempts', async () => {
  const { queue, batches, send } = await queueThat((body) => body === 'bad');
  await send(['good', 'bad']);
  await expect(queue.drained()).rejects.toThrow('1 given up after 3 attempts: bad');
  expect(batches.flat().sort()).toEqual(['bad', 'bad', 'bad', 'good']);
  await queue.drained();
});

test('a function that throws gets all of its messages again, and the reason is said', async () => {
  let runs = 0;
  const queue = await queueTo(async () => {
    runs += 1;
    throw new Error('it broke');
  });
  await clientOf(queue).send(
    new SendMessageBatchCommand({
      QueueUrl: queue.environment.NIGHTLY_BOTS_URL,
      Entries: [{ Id: '0', MessageBody: 'anything' }],
    }),
  );
  await expect(queue.drained()).rejects.toThrow('anything (Error: it broke)');
  expect(runs).toBe(nightlyBots.attempts);
});

test('eleven messages at once, other calls, and other sites are refused', async () => {
  const { queue, send } = await queueThat();
  await expect(send(Array.from({ length: 11 }, String))).rejects.toThrow('only SendMessageBatch');
  const post = (headers: Record<string, string>) =>
    fetch(String(queue.environment.AWS_ENDPOINT_URL_SQS), {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
    });
  expect((await post({ 'x-amz-target': 'AmazonSQS.PurgeQueue' })).status).toBe(400);
  expect((await post({ origin: 'https://example.com' })).status).toBe(403);
});
