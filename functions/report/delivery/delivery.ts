import { lazily } from '../../lazily.ts';
import type { Mailer } from '../../runtime/mailer.ts';
import type { Messenger } from '../../runtime/messenger.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Channel } from '../channels/channel.ts';
import type { Report } from '../contract.ts';
import { deploymentList, type MailingList } from '../lists/list.ts';
import { auditedDay } from '../mailed/audited-day.ts';
import { recordMailedDays } from '../mailed/store.ts';
import { unblocked } from './blocked.ts';
import { type Served, sendClaimed } from './claimed.ts';
import type { MailSettings } from './settings.ts';

interface Delivery {
  readonly report: Report;
  /** The Date header of the mail. */
  readonly at: string;
  /** Whether to send again to recipients who may not have received it. */
  readonly resend: boolean;
}

type Context = Pick<Runtime, 'database' | 'logger'>;

/** Mails a report to each recipient of a list at most once, except to addresses that bounced or complained. The mailed figures are recorded as an audit.
 *  @throws Error when no address is left */
export async function deliverMails(
  { database, logger }: Context,
  mailer: Mailer,
  {
    report,
    list,
    at,
    resend,
    sender,
    replyTo,
    configurationSet,
  }: Delivery & MailSettings & { readonly list: MailingList },
): Promise<Served> {
  const { kind, date } = report;
  const recipients = await unblocked(database, list.recipients);
  if (recipients.length === 0 && list.recipients.length > 0)
    throw new Error('nobody is left to mail the report to: every recipient bounced or complained');
  return sendClaimed(
    database,
    { kind, date, list: { id: list.id, recipients }, bots: botsOf(report), resend },
    async () => {
      await audit(database, report);
      // Loaded on demand: it is most of the code, and a run without recipients due does not need it.
      const { mailOf } = await import('./mail.ts');
      const mailTo = await mailOf(report, { sender, replyTo, at, list_id: list.id }, logger);
      return async (recipient) => {
        const mail = await mailTo(recipient);
        return () => mailer.send(mail, { sender, recipient, configurationSet });
      };
    },
  );
}

/** Sends a report as a short message to each channel at most once. Channels are served concurrently, so that a slow one delays no other. */
export async function deliverMessages(
  { database, logger }: Context,
  messenger: Messenger,
  { report, resend, channels }: Pick<Delivery, 'report' | 'resend'> & { readonly channels: readonly Channel[] },
): Promise<Served> {
  const { kind, date } = report;
  const message = lazily(async () => {
    await audit(database, report);
    return (await import('./message.ts')).messageOf(report, logger);
  });
  const served = await Promise.all(
    channels.map((channel) =>
      sendClaimed(
        database,
        { kind, date, list: deploymentList([channel.id]), bots: botsOf(report), resend },
        async () => {
          const composed = await message();
          return async () => () => messenger.send(channel, composed);
        },
      ),
    ),
  );
  return {
    sent: served.reduce((sum, { sent }) => sum + sent, 0),
    recipients: channels.length,
    missed: served.flatMap(({ missed }) => missed),
  };
}

const botsOf = ({ bots }: Report): string[] => bots.map(({ bot_id }) => bot_id);

/** Records the figures of a daily report that is sent, so that a later one can say what has changed since. */
async function audit(database: Context['database'], report: Report): Promise<void> {
  if (report.kind === 'daily') await recordMailedDays(database, report, report.bots.map(auditedDay));
}
