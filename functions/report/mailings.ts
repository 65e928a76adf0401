import * as z from 'zod';
import { comparisonSettings } from '../comparison/settings.ts';
import { day } from '../contract/fields.ts';
import { environment } from '../runtime/environment.ts';
import { mailer } from '../runtime/mailer.ts';
import { onMessages, sendMessages } from '../runtime/queue.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { deliverMails } from './delivery/delivery.ts';
import type { Mailing } from './delivery/lists.ts';
import { missedMessage, reportToMail } from './delivery/mailed-report.ts';
import { mailSettings } from './delivery/settings.ts';
import { recipientsOf } from './delivery/store.ts';
import { reportFor } from './report.ts';
import { reviewFor } from './review.ts';

const { MAILINGS_URL } = environment(z.object({ MAILINGS_URL: z.url() }));
const settings = comparisonSettings();
const mail = mailSettings();

const Message = z.object({
  kind: z.enum(['daily', 'weekly']),
  list_id: z.string().min(1),
  due: z.iso.datetime({ offset: true }),
  date: day.optional(),
  resend: z.boolean(),
});

/** Mails the reports of bots with recipients of their own, each when it is due. */
export const handler = onMessages(Message, async (messages, runtime, mayContinue) => {
  const failures = new Map<string, unknown>();
  for (const { id, body } of messages) {
    try {
      const early = Date.parse(body.due) - runtime.now().getTime();
      await (early > 0 ? putBack(body, early) : mailList(body, runtime, mayContinue));
    } catch (error) {
      failures.set(id, error);
    }
  }
  return failures;
});

/** The longest delay of a message in SQS, in seconds. */
const LONGEST_DELAY = 900;

/** Puts a mailing that is early, in milliseconds, back into the queue, without waking the database. */
const putBack = (mailing: Mailing, early: number): Promise<void> =>
  sendMessages(MAILINGS_URL, [mailing], Math.min(LONGEST_DELAY, Math.ceil(early / 1000)));

/** @throws Error when it may not have reached every recipient: a repeated delivery retries those that refused it */
async function mailList(
  { kind, list_id: id, due: at, date, resend }: Mailing,
  { database, logger }: Runtime,
  mayContinue: () => boolean,
): Promise<void> {
  const recipients = await recipientsOf(database, id);
  if (mail === null || recipients.length === 0) return;
  const list = { id, recipients };
  const make = { daily: reportFor, weekly: reviewFor }[kind];
  const report = await reportToMail(database, make, { at, date, list, settings }, mayContinue);
  const served = await deliverMails({ database, logger }, mailer, { ...mail, report, list, at, resend });
  if (served.missed.length > 0) throw new Error(missedMessage(report, served.missed, served.recipients));
}
