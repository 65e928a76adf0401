import { onMailingSchedule } from './delivery/on-mailing-schedule.ts';
import { reviewFor } from './review.ts';

/** The mail about the seven trading days before. */
export const handler = onMailingSchedule(reviewFor);
