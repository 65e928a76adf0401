import { openFaults } from '@strategy-snapshots/rds-data-local';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { dayAfter } from '../../functions/summaries/days.ts';
import { startMailService, type Treatment } from '../support/mail-service.ts';
import { startService } from '../support/service.ts';
import { report } from './figures.ts';
import { historyOf } from './history.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { sizes } from './sizes.ts';
import { faultCases, underFault } from './under-faults.ts';
import { fillsIn, linksIn, save, sendAll, summaries } from './writes.ts';

// Drawing charts takes time and makes no calls, so the mails are sent without.
vi.mock('../../functions/report/charts/drawn.ts', () => ({ drawCharts: async () => [] }));

const mail = await startMailService();
const faults = openFaults();
const { call, fire, sql } = await startService({ ses: mail.url, faults });

const recipients = ['first@example.com', 'second@example.com'];
const schedules = ['daily-summary', 'daily-report', 'weekly-review'] as const;
const history = historyOf(5, { days: 2, ordersADay: 6 });
/** A part of the history for each run; each part changes days that were computed before. */
const late = fillsIn('bot', history.fills, 1);
let days = 0;

beforeAll(async () => {
  const settings = history.snapshots.map((snapshot) => save('bot', snapshot));
  await sendAll(call, [...settings, ...linksIn('bot', history.links, 100)]);
});
beforeEach(() => {
  mail.takenFor.length = 0;
  for (const recipient of recipients) mail.treat(recipient, 'take');
});
afterAll(() =>
  report({ check: 'Schedules under faults', faults: faults.met() + 6, writes: days, lost: 0, doubled: 0 }),
);

/** Fires a schedule for the next day, after a late fill, and then repeats the event. */
async function newDay(schedule: (typeof schedules)[number]) {
  days += 1;
  const date = dayAfter(history.to, days);
  await sendAll(call, late.splice(0, 1));
  const at = `${dayAfter(date)}T07:00:00Z`;
  return {
    run: () =>
      fire(schedule, at).then(
        () => 'done' as const,
        () => 'threw' as const,
      ),
    /** Longer than any run lives, so that its claims can be claimed again. */
    resend: async () => {
      await sql("UPDATE report_deliveries SET claimed_at = claimed_at - interval '16 minutes'");
      await fire(schedule, at, { resend: true });
    },
  };
}

/** Checks that the results of the runs equal a recomputation of each of their days. */
async function expectDaysComputed(): Promise<void> {
  const computed = await numbersOf(sql, 'bot');
  await sendAll(call, [summaries('bot', { from: history.from, to: dayAfter(history.to, days) })]);
  expect(computed).toEqual(await numbersOf(sql, 'bot'));
}

const mostToOne = () => Math.max(...recipients.map((each) => mail.takenFor.filter((to) => to === each).length));

describe.each(schedules)('%s', (schedule) => {
  const mails = schedule !== 'daily-summary';
  const ours = faultCases.filter((_, i) => !mails || sizes.everyFault || i % 2 === schedules.indexOf(schedule) % 2);

  test.each(ours)(
    'while the Data API is $fault ($times): done, or it throws, and then repairs itself',
    async (each) => {
      const { run, resend } = await newDay(schedule);
      const outcome = await underFault(faults, each, run);
      if (each.status !== 'right') expect(outcome).toBe('threw');
      if (outcome === 'done' && mails) expect(mail.takenFor.toSorted()).toEqual(recipients);

      const again = await run();
      expect(mostToOne(), 'mails to one recipient').toBeLessThanOrEqual(1);
      if (!mails) expect(again).toBe('done');
      // A mail that may have been sent is not sent again automatically; each run fails until a person resends it.
      if (again === 'threw') await resend();
      if (mails) expect(new Set(mail.takenFor)).toEqual(new Set(recipients));
      await expectDaysComputed();
    },
  );
});

describe.each(['daily-report', 'weekly-review'] as const)('%s', (schedule) => {
  test.each<{ treatment: Treatment; taken: number; again: 'done' | 'threw'; later: number }>([
    { treatment: 'throttle', taken: 0, again: 'done', later: 1 },
    { treatment: 'hang up', taken: 0, again: 'threw', later: 0 },
    { treatment: 'take and hang up', taken: 1, again: 'threw', later: 1 },
  ])(
    'while SES does `$treatment`: the run throws, the other recipient gets the mail, and none gets it twice',
    async ({ treatment, taken, again, later }) => {
      const { run } = await newDay(schedule);
      mail.treat('first@example.com', treatment);
      const calls = mail.calls.length;
      expect(await run()).toBe('threw');
      expect(mail.calls.slice(calls)).toEqual(recipients);
      const toFirst = () => mail.takenFor.filter((to) => to === 'first@example.com').length;
      expect(toFirst()).toBe(taken);
      mail.treat('first@example.com', 'take');
      expect(await run()).toBe(again);
      expect(toFirst()).toBe(later);
      expect(mail.takenFor.filter((to) => to === 'second@example.com')).toHaveLength(1);
    },
  );
});

test('afterwards every day equals its trades', async () => {
  await expectDaysComputed();
  await expectInvariants(sql);
});
