import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { logger, type Runtime, runtimeUntil } from './runtime.ts';

/** Time reserved at the end of an invocation to record its result, in milliseconds. */
const RESERVE_MS = 5_000;

/** Creates a Lambda handler of events from AWS. On an error, Lambda retries the event and finally puts it into the dead-letter queue. */
export function onEvent<Event>(
  name: string,
  schema: z.ZodType<Event>,
  work: (event: Event, runtime: Runtime) => Promise<object>,
) {
  return middy<unknown, object>().handler(async (event, context: Context) => {
    const runtime = runtimeUntil(AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - RESERVE_MS)));
    const log = (outcome: string, more: object) =>
      logger.info(name, { request_id: context.awsRequestId, outcome, ...more });
    try {
      const result = await work(schema.parse(event), runtime);
      log('succeeded', result);
      return result;
    } catch (error) {
      log('failed', { error });
      throw error;
    }
  });
}
