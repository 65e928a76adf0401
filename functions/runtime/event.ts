import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import type { Runtime } from './runtime.ts';
import { unattended } from './unattended.ts';

/** Time reserved at the end of an invocation, in milliseconds: these functions have half a minute. */
const RESERVE_MS = 10_000;

/** Creates a Lambda handler of events from AWS. On an error, Lambda retries the event and finally puts it into the dead-letter queue. */
export function onEvent<Event>(
  name: string,
  schema: z.ZodType<Event>,
  work: (event: Event, runtime: Runtime) => Promise<object>,
) {
  return middy<unknown, object>().handler(async (event, context: Context) =>
    unattended(
      context,
      { name, reserveMs: RESERVE_MS },
      async (runtime) => work(schema.parse(event), runtime),
      (result) => result,
    ),
  );
}
