import { createHash, randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import fastify from 'fastify';
import * as z from 'zod';
import type { QueueDefinition } from '../functions/queues.ts';
import { loopbackOnly } from './loopback-only.ts';

export interface RunningQueues {
  /** Points functions and their SDK to the queues. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when every message was delivered. @throws Error when some were given up since the last call */
  readonly drained: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Delivers messages of a queue to its function. */
type Deliver = (event: SQSEvent) => Promise<SQSBatchResponse>;

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
}

/** A SendMessageBatch call, in the JSON protocol of SQS. */
const SendMessageBatch = z.object({
  QueueUrl: z.url(),
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string().min(1) }))
    .min(1)
    .max(10),
});

/** Queues of SQS on loopback, in memory, each with its function. */
export async function startQueues(
  queues: readonly { readonly definition: QueueDefinition; readonly deliver: Deliver }[],
): Promise<RunningQueues> {
  const running = new Map(queues.map(({ definition, deliver }) => [definition.name, new Queue(definition, deliver)]));
  const server = fastify({ forceCloseConnections: true });
  loopbackOnly(server, (reply) => reply.code(403).send({ message: 'Forbidden' }));
  server.addContentTypeParser('application/x-amz-json-1.0', { parseAs: 'string' }, (_request, body, done) =>
    done(null, JSON.parse(String(body))),
  );
  server.post('/', async ({ headers, body }, reply) => {
    const refuse = (type: string, message: string) =>
      reply.code(400).send({ __type: `com.amazonaws.sqs#${type}`, message });
    const call = SendMessageBatch.safeParse(body);
    if (headers['x-amz-target'] !== 'AmazonSQS.SendMessageBatch' || !call.success)
      return refuse('InvalidAction', `only SendMessageBatch: ${call.error?.message}`);
    const { QueueUrl, Entries } = call.data;
    const queue = running.get(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) as QueueDefinition['name']);
    if (queue === undefined) return refuse('QueueDoesNotExist', `there is no queue ${QueueUrl}`);
    const Successful = Entries.map(({ Id, MessageBody }) => {
      const message = { id: randomUUID(), body: MessageBody, attempts: 1 };
      queue.add(message);
      return { Id, MessageId: message.id, MD5OfMessageBody: md5(MessageBody) };
    });
    return { Successful, Failed: [] };
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const urlOf = ({ variable, name }: QueueDefinition) => [variable, `${origin}/000000000000/${name}`];
  return {
    environment: {
      AWS_ENDPOINT_URL_SQS: origin,
      ...Object.fromEntries(queues.map(({ definition }) => urlOf(definition))),
    },
    async drained() {
      for (const queue of running.values()) await queue.drained();
    },
    async close() {
      await server.close();
      for (const queue of running.values()) await queue.close();
    },
  };
}

/** Delivers what it holds to its function, as an event source mapping does: in batches, and what failed again, but at once, until it is
 *  given up. */
class Queue {
  readonly #definition: QueueDefinition;
  readonly #deliver: Deliver;
  readonly #waiting: Message[] = [];
  #givenUp: string[] = [];
  #delivering: Promise<void> | null = null;

  constructor(definition: QueueDefinition, deliver: Deliver) {
    this.#definition = definition;
    this.#deliver = deliver;
  }

  add(message: Message): void {
    this.#waiting.push(message);
    this.#delivering ??= this.#deliverAll();
  }

  async drained(): Promise<void> {
    await this.#delivering;
    const lost = this.#givenUp;
    this.#givenUp = [];
    if (lost.length > 0)
      throw new Error(`${lost.length} given up after ${this.#definition.attempts} attempts: ${lost.join(', ')}`);
  }

  async close(): Promise<void> {
    this.#waiting.length = 0;
    await this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    const { batch, attempts } = this.#definition;
    for (let next = this.#waiting.splice(0, batch); next.length > 0; next = this.#waiting.splice(0, batch)) {
      const failed = await this.#failuresOf(next);
      for (const message of next.filter(({ id }) => failed.has(id))) {
        if (message.attempts < attempts) this.#waiting.push({ ...message, attempts: message.attempts + 1 });
        else this.#givenUp.push(`${message.body} (${failed.get(message.id)})`);
      }
    }
    this.#delivering = null;
  }

  /** Why messages failed, by id. */
  async #failuresOf(messages: readonly Message[]): Promise<ReadonlyMap<string, string>> {
    try {
      const { batchItemFailures } = await this.#deliver({ Records: messages.map(recordOf) });
      return new Map(batchItemFailures.map(({ itemIdentifier }) => [itemIdentifier, 'see the log']));
    } catch (error) {
      return new Map(messages.map(({ id }) => [id, String(error)]));
    }
  }
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
