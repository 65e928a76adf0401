import { afterEach, expect, test, vi } from 'vitest';
import { dailyReport, type ScheduleDefinition, weekdays, weeklyReview } from '../../functions/schedules.ts';
import { startScheduler } from '../../local/scheduler.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** The days of a week, from Monday to Sunday, on which a schedule fires at seven in Berlin. */
async function firings(schedule: ScheduleDefinition): Promise<string[]> {
  const times: string[] = [];
  for (const day of [16, 17, 18, 19, 20, 21, 22]) {
    vi.useFakeTimers({ now: new Date(`2026-11-${day}T05:59:50Z`) });
    const scheduler = startScheduler([schedule], 'Europe/Berlin', async (_schedule, at) => times.push(at));
    await vi.advanceTimersByTimeAsync(20_000);
    scheduler.stop();
  }
  return times;
}
const seven = (day: number) => `2026-11-${day}T06:00:00.000Z`;

test('a weekly schedule fires only on the day of the week in its settings', async () => {
  for (const [i, weekday] of weekdays.entries()) {
    expect(await firings(weeklyReview(weekday, 7)), weekday).toEqual([seven(16 + i)]);
  }
});

test('a daily schedule fires every day', async () => {
  expect(await firings(dailyReport(7))).toEqual([16, 17, 18, 19, 20, 21, 22].map(seven));
});
