import { onMailingSchedule } from './delivery/on-mailing-schedule.ts';
import { reportFor } from './report.ts';

/** Mails the daily report of the previous trading day. */
export const handler = onMailingSchedule(reportFor);
