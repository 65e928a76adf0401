import { Cron } from 'croner';
import { cronDay, type ScheduleDefinition, type ScheduleTime } from '../functions/schedules.ts';

/** Fires schedules by the clock of a time zone, as EventBridge Scheduler does. A failed run is logged; the
 *  next one catches up. */
export function startScheduler(
  schedules: readonly ScheduleDefinition[],
  timeZone: string,
  fire: (schedule: ScheduleDefinition, at: string) => Promise<unknown>,
): { stop: () => void } {
  const timers = schedules.map(
    (schedule) =>
      new Cron(
        cronOf(schedule.at),
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

const cronOf = ({ minute, hour, weekday }: ScheduleTime): string =>
  `${minute} ${hour ?? '*'} * * ${weekday ? cronDay(weekday) : '*'}`;
