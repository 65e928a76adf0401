import { comparisonSettings } from '../../comparison/settings.ts';
import { mailer } from '../../runtime/mailer.ts';
import { messenger } from '../../runtime/messenger.ts';
import { publish } from '../../runtime/metrics.ts';
import { notifyUrls } from '../../runtime/notify-urls.ts';
import { onSchedule } from '../../runtime/schedule.ts';
import { channelsIn } from '../channels/addresses.ts';
import { deploymentList } from '../lists/list.ts';
import { haveOwnRecipients } from '../lists/store.ts';
import type { Served } from './claimed.ts';
import { deliverMails, deliverMessages } from './delivery.ts';
import { type MakeReport, missedMessage, reportToMail } from './mailed-report.ts';
import { mailSettings } from './settings.ts';

const NOBODY: Served = { sent: 0, recipients: 0, missed: [] };

/** Creates a scheduled Lambda handler that makes a report, mails it to the recipients of the deployment, and sends it to the channels. A bot
 *  with recipients of its own is left out. The run fails when it may not have reached every recipient, so that the next one retries those
 *  that refused it. */
export function onMailingSchedule(make: MakeReport) {
  const settings = comparisonSettings();
  const mail = mailSettings();
  return onSchedule(async ({ at, date, resend, mayContinue }, { database, logger }) => {
    // Without mails there are only channels, which hear of every bot.
    const list = mail ? deploymentList(mail.recipients) : undefined;
    const report = await reportToMail(database, make, { at, date, list, settings }, mayContinue);
    const delivery = { report, at, resend };
    // When every bot has recipients of its own, nobody else has to hear that there is none.
    const isForNobody = report.bots.length === 0 && (await haveOwnRecipients(database));
    // One failing way does not stop the other: the next run, or the alarm, is about that way only.
    const [mails, messages] = await Promise.allSettled([
      mail && list && !isForNobody
        ? deliverMails({ database, logger }, mailer, { ...delivery, ...mail, list })
        : NOBODY,
      notifyUrls().then((urls) =>
        deliverMessages({ database, logger }, messenger(), {
          ...delivery,
          channels: isForNobody ? [] : channelsIn(urls),
        }),
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
