import { Cron } from 'croner';
import type { ScheduleDefinition } from '../schedules.ts';

/** Fires schedules by the clock of a time zone, as EventBridge Scheduler does. A run that fails is said, and comes again the
 *  next day, when it catches up. */
export function startScheduler(
  schedules: readonly ScheduleDefinition[],
  timeZone: string,
  fire: (schedule: ScheduleDefinition, at: string) => Promise<unknown>,
): { stop: () => void } {
  const timers = schedules.map(
    (schedule) =>
      new Cron(
        `${schedule.at.minute} ${schedule.at.hour} * * *`,
        {
          timezone: timeZone,
          protect: true,
          catch: (error) => console.error(`${schedule.name} failed: ${error}. ${schedule.impact}`),
        },
        async (timer: Cron) => {
          await fire(schedule, (timer.currentRun() ?? new Date()).toISOString());
        },
      ),
  );
  return {
    stop() {
      for (const timer of timers) timer.stop();
    },
  };
}
