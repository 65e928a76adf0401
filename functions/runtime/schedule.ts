import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { day } from '../contract/fields.ts';
import { logger, type Runtime, runtimeUntil } from './runtime.ts';

/** What EventBridge Scheduler sends: which schedule, and for which time it fired. A person may add the rest. */
const ScheduleEvent = z.object({
  schedule: z.string(),
  at: z.iso.datetime({ offset: true }),
  date: day.optional(),
  resend: z.boolean().default(false),
});

export interface Firing {
  /** The time that the schedule fired for; a late or repeated delivery bears the same. */
  readonly at: string;
  /** The trading day that is meant; by default the last one that was complete at that time. */
  readonly date?: string | undefined;
  /** Whether to send again, on purpose, what is not known to have arrived. */
  readonly resend: boolean;
  /** Whether there is time left for another step. */
  readonly mayContinue: () => boolean;
}

/** What is kept back of a function's time, in milliseconds, to record how the run ended. */
const RESERVE_MS = 60_000;

/** A scheduled Lambda. What it throws reaches Lambda, which repeats the event and then keeps it as a dead letter. */
export function onSchedule(work: (firing: Firing, runtime: Runtime) => Promise<object>) {
  return middy<unknown, object>().handler(async (event, context: Context) => {
    const { schedule, ...asked } = ScheduleEvent.parse(event);
    const { at } = asked;
    const began = performance.now();
    const log = (outcome: string, more: object) =>
      logger.info('schedule', {
        request_id: context.awsRequestId,
        schedule,
        at,
        outcome,
        duration_ms: Math.round(performance.now() - began),
        ...more,
      });
    const runtime = runtimeUntil(AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - RESERVE_MS / 2)));
    try {
      const result = await work(
        { ...asked, mayContinue: () => context.getRemainingTimeInMillis() > RESERVE_MS },
        runtime,
      );
      log('succeeded', result);
      return result;
    } catch (error) {
      log('failed', { error });
      throw error;
    }
  });
}
