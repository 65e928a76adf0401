import { onSchedule } from '../runtime/schedule.ts';
import { summariseUpToYesterday } from './summaries.ts';

/** The night's aggregation. What does not fit into one run throws, so that the event comes again and goes on. */
export const handler = onSchedule(async ({ at, mayGoOn }, { database }) => {
  const result = await summariseUpToYesterday(database, at, mayGoOn);
  if (result.next_from) throw new Error(`not finished: days from ${result.next_from} on wait for the next run`);
  return result;
});
