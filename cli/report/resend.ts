import type { ServiceLocation } from '../service/location.ts';
import { fireSchedule } from '../service/schedules.ts';
import { sendTo } from '../service/send.ts';
import { type MailedReport, type Resent, scheduleOf } from './mailed-report.ts';

/** Mails a report again to those who are not known to have it. */
export async function resend(report: MailedReport, location: ServiceLocation): Promise<Resent> {
  const { stack, region } = location;
  if (stack !== undefined) return (await import('./deployed.ts')).resendOnAws(report, { stack, region });
  const { kind, date } = report;
  const send = sendTo(location);
  const { sent = 0 } = await fireSchedule(send, scheduleOf(kind), { date, resend: 'true' });
  const { mailings = 0 } = await fireSchedule(send, 'bot-reports', { kind, date, resend: 'true' });
  return { sent, mailings };
}
