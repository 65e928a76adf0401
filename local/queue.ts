import { createHash, randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import fastify from 'fastify';
import * as z from 'zod';
import type { QueueDefinition } from '../functions/queues.ts';
import { loopbackOnly } from './loopback-only.ts';

export interface RunningQueue {
  /** Points a function and its SDK to the queue. */
  readonly environment: Readonly<Record<QueueDefinition['variable'] | 'AWS_ENDPOINT_URL_SQS', string>>;
  /** Resolves when every message was delivered. @throws Error when some were given up since the last call */
  readonly drained: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
}

/** A SendMessageBatch call, in the JSON protocol of SQS. */
const SendMessageBatch = z.object({
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string().min(1) }))
    .min(1)
    .max(10),
});

/** A queue of SQS on loopback, in memory. It delivers what it holds to its function, as an event source mapping does: in batches, and what
 *  failed again, but at once, until it is given up. */
export async function startQueue(
  { name, variable, batch, attempts }: QueueDefinition,
  deliver: (event: SQSEvent) => Promise<SQSBatchResponse>,
): Promise<RunningQueue> {
  const waiting: Message[] = [];
  let givenUp: string[] = [];
  let delivering: Promise<void> | null = null;

  async function deliverAll(): Promise<void> {
    for (let next = waiting.splice(0, batch); next.length > 0; next = waiting.splice(0, batch)) {
      const failed = await failuresOf(next);
      for (const message of next.filter(({ id }) => failed.has(id))) {
        if (message.attempts < attempts) waiting.push({ ...message, attempts: message.attempts + 1 });
        else givenUp.push(`${message.body} (${failed.get(message.id)})`);
      }
    }
    delivering = null;
  }

  /** Why messages failed, by id. */
  async function failuresOf(messages: readonly Message[]): Promise<ReadonlyMap<string, string>> {
    try {
      const { batchItemFailures } = await deliver({ Records: messages.map(recordOf) });
      return new Map(batchItemFailures.map(({ itemIdentifier }) => [itemIdentifier, 'see the log']));
    } catch (error) {
      return new Map(messages.map(({ id }) => [id, String(error)]));
    }
  }

  const server = fastify({ forceCloseConnections: true });
  loopbackOnly(server, (reply) => reply.code(403).send({ message: 'Forbidden' }));
  server.addContentTypeParser('application/x-amz-json-1.0', { parseAs: 'string' }, (_request, body, done) =>
    done(null, JSON.parse(String(body))),
  );
  server.post('/', async ({ headers, body }, reply) => {
    const call = SendMessageBatch.safeParse(body);
    if (headers['x-amz-target'] !== 'AmazonSQS.SendMessageBatch' || !call.success)
      return reply
        .code(400)
        .send({ __type: 'com.amazonaws.sqs#InvalidAction', message: `only SendMessageBatch: ${call.error?.message}` });
    const sent = call.data.Entries.map(({ Id, MessageBody }) => ({
      Id,
      id: randomUUID(),
      body: MessageBody,
      attempts: 1,
    }));
    waiting.push(...sent);
    delivering ??= deliverAll();
    return {
      Successful: sent.map(({ Id, id, body: text }) => ({ Id, MessageId: id, MD5OfMessageBody: md5(text) })),
      Failed: [],
    };
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    environment: { [variable]: `${origin}/000000000000/${name}`, AWS_ENDPOINT_URL_SQS: origin },
    async drained() {
      await delivering;
      const lost = givenUp;
      givenUp = [];
      if (lost.length > 0) throw new Error(`${lost.length} given up after ${attempts} attempts: ${lost.join(', ')}`);
    },
    async close() {
      await server.close();
      waiting.length = 0;
      await delivering;
    },
  };
}

/** As Lambda passes it to a function, as far as ours read it. */
const recordOf = ({ id, body, attempts }: Message): SQSRecord => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: String(attempts),
    SentTimestamp: '0',
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: md5(body),
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:local',
  awsRegion: 'us-east-1',
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
