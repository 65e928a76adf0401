import type { ServiceLocation } from '../service/location.ts';
import { fireSchedule } from '../service/schedules.ts';
import { sendTo } from '../service/send.ts';

export interface MailedReport {
  readonly kind: 'daily' | 'weekly';
  readonly date: string;
}

/** The schedule that mails reports of a kind. */
export const scheduleOf = (kind: MailedReport['kind']): 'daily-report' | 'weekly-review' =>
  kind === 'daily' ? 'daily-report' : 'weekly-review';

/** Mails a report again to those who are not known to have it. @returns to how many it was mailed */
export async function resend(report: MailedReport, location: ServiceLocation): Promise<number> {
  const { stack, region } = location;
  if (stack !== undefined) return (await import('./deployed.ts')).resendOnAws(report, { stack, region });
  const { kind, date } = report;
  return (await fireSchedule(sendTo(location), scheduleOf(kind), { date, resend: 'true' })).sent ?? 0;
}
