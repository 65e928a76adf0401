import { randomUUID } from 'node:crypto';
import type { Mailer } from '../../runtime/mailer.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Report } from '../contract.ts';
import { auditedDay } from '../mailed/audited-day.ts';
import { recordMailedDays } from '../mailed/store.ts';
import type { MailSettings } from './settings.ts';
import * as store from './store.ts';

export interface Delivery extends MailSettings {
  readonly report: Report;
  /** The Date header of the mail. */
  readonly at: string;
  /** Whether to send again to recipients who may not have received it. */
  readonly resend: boolean;
}

export interface DeliveryResult {
  readonly date: string;
  /** Number of recipients served by this call. */
  readonly sent: number;
}

/** Mails a report to each recipient at most once, even with concurrent or repeated calls: each send is claimed in the database first.
 *  A refused address does not affect the others. A claim
 *  has an owner and a lease: what another run is sending now is left to it.
 *  @throws Error when the report may not have reached every recipient, in this call or an earlier one */
export async function deliver(
  { database, logger }: Pick<Runtime, 'database' | 'logger'>,
  mailer: Mailer,
  { report, recipients, sender, replyTo, at, resend }: Delivery,
): Promise<DeliveryResult> {
  const { kind, date } = report;
  const owner = randomUUID();
  /** The recipients who were not sent the report, without those that another run is serving if `others` are left out. */
  const notServed = async ({ others }: { others: 'included' | 'left out' }) => {
    const served = await store.served(database, { kind, date });
    const isServed = (recipient: string) =>
      served.some((each) => each.recipient === recipient && (others === 'left out' || each.status === 'sent'));
    return recipients.filter((recipient) => !isServed(recipient));
  };
  const due = await notServed({ others: 'included' });
  if (due.length === 0) return { date, sent: 0 };

  if (report.kind === 'daily') await recordMailedDays(database, report, report.bots.map(auditedDay));
  // Loaded on demand: it is most of the code, and a run without recipients due does not need it.
  const { mailOf } = await import('./mail.ts');
  const mailTo = await mailOf(report, { sender, replyTo, at }, logger);
  let sent = 0;
  for (const recipient of due) {
    const mail = { kind, date, recipient, owner };
    // Composed before the claim, so that a failure to compose leaves no claim behind.
    const message = await mailTo(recipient);
    if (!(await store.claim(database, mail, resend))) continue;
    const result = await mailer.send(message, { sender, recipient });
    await store.recordResult(database, mail, result);
    if (result.status === 'sent') sent += 1;
  }
  const missed = await notServed({ others: resend ? 'included' : 'left out' });
  if (missed.length > 0)
    throw new Error(
      `the ${kind === 'daily' ? 'daily report' : 'weekly review'} of ${date} may not have reached ${missed.length} of ${recipients.length} recipients: ` +
        'another run for the same day retries refused mails; a mail that may have arrived is sent again only by a resend',
    );
  return { date, sent };
}
