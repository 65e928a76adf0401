import { comparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { mailer } from '../../runtime/mailer.ts';
import { messenger } from '../../runtime/messenger.ts';
import { publish } from '../../runtime/metrics.ts';
import { notifyUrls } from '../../runtime/notify-urls.ts';
import { onSchedule } from '../../runtime/schedule.ts';
import { channelsIn } from '../channels/addresses.ts';
import type { Report } from '../contract.ts';
import type { ReportRequest } from '../window.ts';
import type { Served } from './claimed.ts';
import { deliverMails, deliverMessages } from './delivery.ts';
import { mailSettings } from './settings.ts';

/** Makes a report of the requested trading day, by default the last complete one. */
type MakeReport = (database: Database, request: ReportRequest, mayContinue: () => boolean) => Promise<Report>;

const NOBODY: Served = { sent: 0, recipients: 0, missed: [] };

/** Creates a scheduled Lambda handler that makes a report, mails it, and sends it to the channels. The run fails when it may not have reached
 *  every recipient, so that the next one retries those that refused it. */
export function onMailingSchedule(make: MakeReport) {
  const settings = comparisonSettings();
  const mail = mailSettings();
  return onSchedule(async ({ at, date, resend, mayContinue }, { database, logger }) => {
    const report = await make(database, { now: new Date(at), date, settings }, mayContinue);
    // Each day is mailed once, so a mail before its end would be incomplete for good.
    if (Date.parse(report.to) > Date.parse(at))
      throw new Error(`${report.date} is not over yet: its report is mailed afterwards`);
    const delivery = { report, at, resend };
    // One failing way does not stop the other: the next run, or the alarm, is about that way only.
    const [mails, messages] = await Promise.allSettled([
      mail ? deliverMails({ database, logger }, mailer, { ...delivery, ...mail }) : NOBODY,
      notifyUrls().then((urls) =>
        deliverMessages({ database, logger }, messenger(), { ...delivery, channels: channelsIn(urls) }),
      ),
    ]);
    if (isComplete(mail ? mails : messages))
      publish({ [report.kind === 'daily' ? 'DailyReports' : 'WeeklyReviews']: 1 });
    publish({ UnservedChannels: messages.status === 'fulfilled' ? messages.value.missed.length : 1 });
    const [mailed, sent] = [settledValue(mails), settledValue(messages)];
    const missed = [...mailed.missed, ...sent.missed];
    if (missed.length > 0) throw new Error(missedMessage(report, missed, mailed.recipients + sent.recipients));
    return { date: report.date, sent: mailed.sent + sent.sent };
  });
}

const isComplete = (result: PromiseSettledResult<Served>): boolean =>
  result.status === 'fulfilled' && result.value.missed.length === 0;

/** @throws the reason of a rejected result */
function settledValue(result: PromiseSettledResult<Served>): Served {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Counts the mail addresses, and names the kind and the id of the channels, which are no secrets. */
function missedMessage({ kind, date }: Report, missed: readonly string[], all: number): string {
  const channels = missed.filter((recipient) => !recipient.includes('@'));
  const named = channels.length > 0 ? ` (${channels.join(', ')})` : '';
  return `the ${kind === 'daily' ? 'daily report' : 'weekly review'} of ${date} may not have reached ${missed.length} of ${all} recipients${named}: another run for the same day retries those that refused it; what may have arrived is sent again only by a resend`;
}
