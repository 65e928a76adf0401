import * as z from 'zod';
import { botId, day } from '../contract/fields.ts';
import { environment } from '../runtime/environment.ts';
import { publish } from '../runtime/metrics.ts';
import { onMessages } from '../runtime/queue.ts';
import { environmentSettings } from '../settings.ts';
import { summariseNight } from './night.ts';

const { NEVER_LINKING_SOURCES } = environment(
  z.object({ NEVER_LINKING_SOURCES: environmentSettings.NEVER_LINKING_SOURCES }),
);

const NightlyBot = z.object({ run_id: z.int(), date: day, bot_id: botId });

/** Summarises some bots of a night up to its day, and checks that day for the alarms. */
export const handler = onMessages(NightlyBot, async (messages, { database, logger }, mayContinue) => {
  const failures = new Map<string, unknown>();
  for (const [run_id, ofRun] of Map.groupBy(messages, ({ body }) => body.run_id)) {
    const bots = ofRun.map(({ body }) => body.bot_id);
    const date = ofRun[0]?.body.date ?? '';
    const night = await summariseNight(database, { run_id, date, bots }, NEVER_LINKING_SOURCES, mayContinue);
    logger.info('bots of the night', {
      run_id,
      date,
      rows: night.rows,
      is_complete: night.is_complete,
      ...night.findings,
    });
    const { poorly_linked, silent, drifting, losing, waiting_days } = night.findings;
    publish({
      ...(night.is_complete && { NightlyRuns: 1 }),
      PoorlyLinkedBots: poorly_linked.length,
      SilentBots: silent.length,
      DriftingBots: drifting.length,
      LosingBots: losing.length,
      WaitingDays: waiting_days,
    });
    for (const { id, body } of ofRun) {
      const error = night.failures.get(body.bot_id);
      if (error !== undefined) failures.set(id, error);
    }
  }
  return failures;
});
