import type { ServiceLocation } from '../service/location.ts';
import { fireSchedule } from '../service/schedules.ts';
import { sendTo } from '../service/send.ts';
import { type MailedReport, type Resent, scheduleOf } from './mailed-report.ts';

/** Mails a report again to those who are not known to have it. */
export async function resend(report: MailedReport, location: ServiceLocation): Promise<Resent> {
  const { stack, region } = location;
  if (stack !== undefined) return (await import('./deployed.ts')).resendOnAws(report, { stack, region });
  const { kind, date } = report;
  const { sent = 0, lists = 0 } = await fireSchedule(sendTo(location), scheduleOf(kind), { date, resend: 'true' });
  return { sent, lists };
}
