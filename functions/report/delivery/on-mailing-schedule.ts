import { comparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { mailer } from '../../runtime/mailer.ts';
import { publish } from '../../runtime/metrics.ts';
import { onSchedule } from '../../runtime/schedule.ts';
import type { Report } from '../contract.ts';
import type { ReportRequest } from '../window.ts';
import { deliver } from './delivery.ts';
import { mailSettings } from './settings.ts';

/** Makes a report of the requested trading day, by default the last complete one. */
type MakeReport = (database: Database, request: ReportRequest, mayContinue: () => boolean) => Promise<Report>;

/** Creates a scheduled Lambda handler that makes a report and mails it. */
export function onMailingSchedule(make: MakeReport) {
  const settings = comparisonSettings();
  const mail = mailSettings();
  return onSchedule(async ({ at, date, resend, mayContinue }, { database, logger }) => {
    const report = await make(database, { now: new Date(at), date, settings }, mayContinue);
    // Each day is mailed once, so a mail before its end would be incomplete for good.
    if (Date.parse(report.to) > Date.parse(at))
      throw new Error(`${report.date} is not over yet: its report is mailed afterwards`);
    const result = await deliver({ database, logger }, mailer, { report, at, resend, ...mail });
    publish({ [report.kind === 'daily' ? 'DailyReports' : 'WeeklyReviews']: 1 });
    return result;
  });
}
