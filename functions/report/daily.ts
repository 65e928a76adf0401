import * as z from 'zod';
import { comparisonSettings } from '../comparison/settings.ts';
import { environment } from '../runtime/environment.ts';
import { mailer } from '../runtime/mailer.ts';
import { onSchedule } from '../runtime/schedule.ts';
import { deliver } from './delivery.ts';
import { reportFor } from './report.ts';

const settings = environment(
  z.object({
    REPORT_SENDER: z.string().min(3),
    REPORT_RECIPIENTS: z.string().transform((list) =>
      list
        .split(',')
        .map((address) => address.trim())
        .filter(Boolean),
    ),
  }),
);

const comparison = comparisonSettings();

/** The morning's mail about the trading day before. */
export const handler = onSchedule(async ({ at, mayGoOn }, { database }) => {
  const report = await reportFor(database, { now: new Date(at), settings: comparison }, mayGoOn);
  return deliver(database, mailer, { report, sender: settings.REPORT_SENDER, recipients: settings.REPORT_RECIPIENTS });
});
