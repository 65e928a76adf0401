import { onMailingSchedule } from './delivery/on-mailing-schedule.ts';
import { reviewFor } from './review.ts';

/** Mails the weekly review of the previous seven trading days. */
export const handler = onMailingSchedule(reviewFor);
