import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { day } from '../contract/fields.ts';
import type { Runtime } from './runtime.ts';
import { unattended } from './unattended.ts';

/** The event of a schedule: its name and the time it fired for, from EventBridge Scheduler. The other fields are set by hand. */
const ScheduleEvent = z.object({
  schedule: z.string(),
  at: z.iso.datetime({ offset: true }),
  kind: z.enum(['daily', 'weekly']).optional(),
  date: day.optional(),
  resend: z.boolean().default(false),
});

export interface ScheduledRun {
  /** The time that the schedule fired for; the same for a late or repeated delivery. */
  readonly at: string;
  /** Of a schedule for several kinds of reports, the one to process; by default all. */
  readonly kind?: 'daily' | 'weekly' | undefined;
  /** The trading day to process; by default the last one completed at that time. */
  readonly date?: string | undefined;
  /** Whether to send mails again that may not have arrived. */
  readonly resend: boolean;
  /** Whether there is time for another step. */
  readonly mayContinue: () => boolean;
}

/** Creates a scheduled Lambda handler. On an error, Lambda retries the event and finally puts it into the dead-letter queue. */
export function onSchedule(work: (run: ScheduledRun, runtime: Runtime) => Promise<object>) {
  return middy<unknown, object>().handler(async (event, context: Context) => {
    const { schedule, ...run } = ScheduleEvent.parse(event);
    return unattended(
      context,
      { name: 'schedule', fields: { schedule, at: run.at } },
      (runtime, mayContinue) => work({ ...run, mayContinue }, runtime),
      (result) => result,
    );
  });
}
