import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { publish } from '../runtime/metrics.ts';
import { sendMessages } from '../runtime/queue.ts';
import { onSchedule } from '../runtime/schedule.ts';
import { beginNight } from './night.ts';

const { NIGHTLY_BOTS_URL } = environment(z.object({ NIGHTLY_BOTS_URL: z.url() }));

/** Hands every bot to the queue of the night, so that its work does not grow with their number. A repeated event begins another night, which
 *  finds little to do. */
export const handler = onSchedule(async ({ at }, { database }) => {
  const night = await beginNight(database, at, (bots) => sendMessages(NIGHTLY_BOTS_URL, bots));
  if (night.is_complete) publish({ NightlyRuns: 1 });
  return night;
});
