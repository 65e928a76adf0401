import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { publish } from '../runtime/metrics.ts';
import { onSchedule } from '../runtime/schedule.ts';
import { environmentSettings } from '../settings.ts';
import { handOverDue } from './lists/due.ts';

const { REPORT_HOUR, WEEKLY_REVIEW } = environmentSettings;
const {
  MAILINGS_URL,
  REPORT_HOUR: hour,
  WEEKLY_REVIEW: weekday,
} = environment(z.object({ MAILINGS_URL: z.url(), REPORT_HOUR, WEEKLY_REVIEW }));

/** Hands the reports that are due to recipients of bots to the queue, every hour. What an hour missed, the next one finds. */
export const handler = onSchedule(async ({ at, kind, date, resend }, { database }) => {
  const handedOver = await handOverDue(database, MAILINGS_URL, { at, kind, date, resend, hour, weekday });
  publish({ OverdueMailings: handedOver.overdue });
  return handedOver;
});
