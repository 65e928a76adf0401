import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import { logger, type Runtime } from './runtime.ts';
import { unattended } from './unattended.ts';

/** Most messages of one SendMessageBatch call. */
const MOST_AT_ONCE = 10;

/** Sends messages to a queue as JSON. @throws Error when one was not accepted; those before it were */
export async function sendMessages(url: string, messages: readonly object[]): Promise<void> {
  // Only functions that send load it.
  const { SendMessageBatchCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  for (let i = 0; i < messages.length; i += MOST_AT_ONCE) {
    const Entries = messages
      .slice(i, i + MOST_AT_ONCE)
      .map((message, n) => ({ Id: String(n), MessageBody: JSON.stringify(message) }));
    const { Failed: [failed] = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    if (failed) throw new Error(`the queue did not accept a message: ${failed.Code}: ${failed.Message}`);
  }
}

interface Received<Body> {
  readonly id: string;
  readonly body: Body;
}

/** Creates a Lambda handler of a queue's messages. `work` returns the errors of those that failed, by id: they alone are delivered again, and
 *  finally put into the dead-letter queue. When it throws, or a message is not of the schema, all of them are. */
export function onMessages<Schema extends z.ZodType>(
  schema: Schema,
  work: (
    messages: readonly Received<z.output<Schema>>[],
    runtime: Runtime,
    mayContinue: () => boolean,
  ) => Promise<ReadonlyMap<string, unknown>>,
) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context: Context) => {
    const failures = await unattended(
      context,
      { name: 'queue', fields: { messages: Records.length } },
      async (runtime, mayContinue) => {
        const messages = Records.map(({ messageId: id, body }) => ({ id, body: schema.parse(JSON.parse(body)) }));
        return work(messages, runtime, mayContinue);
      },
      ({ size }) => ({ ...(size > 0 && { outcome: 'failed in part' }), failed: size }),
    );
    for (const [id, error] of failures) logger.error('a message failed', { message_id: id, error: error as Error });
    return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
  });
}
