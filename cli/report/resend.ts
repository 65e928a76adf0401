import type { ServiceLocation } from '../service/location.ts';
import { fireSchedule } from '../service/schedules.ts';
import { sendTo } from '../service/send.ts';
import { type MailedReport, scheduleOf } from './mailed-report.ts';

/** Mails a report again to those who are not known to have it. @returns to how many it was mailed */
export async function resend(report: MailedReport, location: ServiceLocation): Promise<number> {
  const { stack, region } = location;
  if (stack !== undefined) return (await import('./deployed.ts')).resendOnAws(report, { stack, region });
  const { kind, date } = report;
  return (await fireSchedule(sendTo(location), scheduleOf(kind), { date, resend: 'true' })).sent ?? 0;
}
