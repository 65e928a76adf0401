import { onMailingSchedule } from './delivery/on-mailing-schedule.ts';
import { reportFor } from './report.ts';

/** The morning's mail about the trading day before. */
export const handler = onMailingSchedule(reportFor);
