import type { Mailer } from '../../runtime/mailer.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Report } from '../contract.ts';
import { auditedDay } from '../mailed/audited-day.ts';
import { recordMailedDays } from '../mailed/store.ts';
import type { MailSettings } from './settings.ts';
import * as store from './store.ts';

export interface Delivery extends MailSettings {
  readonly report: Report;
  /** When the mail says that it was sent. */
  readonly at: string;
  /** Sends again, on purpose, what is not known to have arrived. */
  readonly resend: boolean;
}

export interface Delivered {
  readonly date: string;
  /** To how many it was sent now. */
  readonly sent: number;
}

/** Mails a report to each recipient, at most once whoever calls and however often: the claim is stored before the call.
 *  One refused address stops no other, and nobody gets again what is known to have been sent.
 *  @throws Error when it is not known to have reached somebody, now or in an earlier call */
export async function deliver(
  { database, logger }: Pick<Runtime, 'database' | 'logger'>,
  mailer: Mailer,
  { report, recipients, sender, replyTo, at, resend }: Delivery,
): Promise<Delivered> {
  const { kind, date } = report;
  const notSent = async () => {
    const sent = await store.sentTo(database, { kind, date });
    return recipients.filter((recipient) => !sent.includes(recipient));
  };
  const due = await notSent();
  if (due.length === 0) return { date, sent: 0 };

  if (report.kind === 'daily') await recordMailedDays(database, report, report.bots.map(auditedDay));
  // Most of the code draws and packs: a run with nobody to mail does not load it.
  const { mailOf } = await import('./mail.ts');
  const mailTo = await mailOf(report, { sender, replyTo, at }, logger);
  let sent = 0;
  for (const recipient of due) {
    const mail = { kind, date, recipient };
    // Written before it is claimed: what cannot be written is claimed by nobody.
    const message = await mailTo(recipient);
    if (!(await (resend ? store.claimAgain : store.claim)(database, mail))) continue;
    const result = await mailer.send(message, { sender, recipient });
    await store.settle(database, mail, result);
    if (result.status === 'sent') sent += 1;
  }
  const missed = await notSent();
  if (missed.length > 0)
    throw new Error(
      `the ${kind === 'daily' ? 'daily report' : 'weekly review'} of ${date} is not known to have reached ${missed.length} of ${recipients.length} recipients: ` +
        'a run for the same day tries again where it was refused; where it may have arrived, only a resend does',
    );
  return { date, sent };
}
