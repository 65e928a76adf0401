import * as z from 'zod';
import { comparisonSettings } from '../comparison/settings.ts';
import { day } from '../contract/fields.ts';
import { mailer } from '../runtime/mailer.ts';
import { onMessages } from '../runtime/queue.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { deliverMails } from './delivery/delivery.ts';
import { missedMessage, reportToMail } from './delivery/mailed-report.ts';
import { mailSettings } from './delivery/settings.ts';
import type { Mailing } from './lists/list.ts';
import { recipientsOf } from './lists/store.ts';
import { reportFor } from './report.ts';
import { reviewFor } from './review.ts';

const settings = comparisonSettings();
const mail = mailSettings();

const Message = z.object({
  kind: z.enum(['daily', 'weekly']),
  list_id: z.string().min(1),
  date: day,
  at: z.iso.datetime({ offset: true }),
  resend: z.boolean(),
});

/** Mails reports to recipients that bots have of their own. */
export const handler = onMessages(Message, async (messages, runtime, mayContinue) => {
  const failures = new Map<string, unknown>();
  for (const { id, body } of messages) {
    try {
      runtime.logger.info('mailing', { ...body, sent: await mailList(body, runtime, mayContinue) });
    } catch (error) {
      failures.set(id, error);
    }
  }
  return failures;
});

/** @returns to how many it was mailed. None when the list or its bots have changed since: then the next run hands over what they are now
 *  @throws Error when it may not have reached every recipient: a repeated delivery retries those that refused it */
async function mailList(
  { kind, list_id: id, date, at, resend }: Mailing,
  { database, logger }: Runtime,
  mayContinue: () => boolean,
): Promise<number> {
  const recipients = await recipientsOf(database, id);
  if (mail === null || recipients.length === 0) return 0;
  const list = { id, recipients };
  const make = { daily: reportFor, weekly: reviewFor }[kind];
  const report = await reportToMail(database, make, { at, date, list, settings }, mayContinue);
  if (report.bots.length === 0) return 0;
  const served = await deliverMails({ database, logger }, mailer, { ...mail, report, list, at, resend });
  if (served.missed.length > 0) throw new Error(missedMessage(report, served.missed, served.recipients));
  return served.sent;
}
