import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { publish } from '../runtime/metrics.ts';
import { onSchedule } from '../runtime/schedule.ts';
import { environmentSettings } from '../settings.ts';
import { summariseUpToYesterday } from './summaries.ts';
import { watchDay } from './watch.ts';

const { NEVER_LINKING_SOURCES } = environment(
  z.object({ NEVER_LINKING_SOURCES: environmentSettings.NEVER_LINKING_SOURCES }),
);

/** Summarizes all days up to yesterday, then checks every bot's day for the alarms. When one invocation is not enough it throws, so that
 *  Lambda retries the event and the next run continues. */
export const handler = onSchedule(async ({ at, mayContinue }, { database }) => {
  const result = await summariseUpToYesterday(database, at, mayContinue);
  if (result.next_from) throw new Error(`not finished: days from ${result.next_from} on are left for the next run`);
  const { waiting_days, ...bots } = await watchDay(database, result.date, NEVER_LINKING_SOURCES);
  publish({
    NightlyRuns: 1,
    PoorlyLinkedBots: bots.poorly_linked.length,
    SilentBots: bots.silent.length,
    DriftingBots: bots.drifting.length,
    LosingBots: bots.losing.length,
    WaitingDays: waiting_days,
  });
  return { ...result, ...bots, waiting_days };
});
