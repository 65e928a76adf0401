import { comparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { mailer } from '../../runtime/mailer.ts';
import { publish } from '../../runtime/metrics.ts';
import { onSchedule } from '../../runtime/schedule.ts';
import type { Report } from '../contract.ts';
import type { ReportRequest } from '../window.ts';
import { deliver } from './delivery.ts';
import { mailSettings } from './settings.ts';

/** Makes a report of the last complete trading day at `now`, or of the one that is asked for. */
type MakeReport = (database: Database, request: ReportRequest, mayGoOn: () => boolean) => Promise<Report>;

/** A scheduled Lambda that makes a report and mails it. */
export function onMailingSchedule(make: MakeReport) {
  const settings = comparisonSettings();
  const mail = mailSettings();
  return onSchedule(async ({ at, date, resend, mayGoOn }, { database, logger }) => {
    const report = await make(database, { now: new Date(at), date, settings }, mayGoOn);
    // It would be this day's only mail, and without the rest of the day.
    if (Date.parse(report.to) > Date.parse(at)) throw new Error(`${report.date} is not over: it is mailed when it is`);
    const delivered = await deliver({ database, logger }, mailer, { report, at, resend, ...mail });
    publish({ [report.kind === 'daily' ? 'DailyReports' : 'WeeklyReviews']: 1 });
    return delivered;
  });
}
