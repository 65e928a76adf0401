import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Outputs } from '../../service/outputs.ts';
import type { Checklist } from '../checklist.ts';

/** Checks that no scheduled run, no bot of a night, no report to the recipients of a bot, and no event of a mail has failed for good in the last 14 days, which is the retention of the
 *  queues. */
export async function checkFailureQueues({ check }: Checklist, sqs: SQSClient, outputs: Outputs): Promise<void> {
  for (const [job, QueueUrl] of Object.entries({
    'daily-summary': outputs.DailySummaryFailuresUrl,
    'nightly-bots': outputs.NightlyBotsFailuresUrl,
    'daily-report': outputs.DailyReportFailuresUrl,
    'weekly-review': outputs.WeeklyReviewFailuresUrl,
    'bot-reports': outputs.BotReportsFailuresUrl,
    mailings: outputs.MailingsFailuresUrl,
    'mail-events': outputs.MailEventsFailuresUrl,
  })) {
    if (QueueUrl === undefined) continue;
    await check(`no run of ${job} has failed for good`, async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      const waiting = Attributes?.ApproximateNumberOfMessages;
      if (waiting !== '0') throw new Error(`${waiting} wait in ${QueueUrl}`);
    });
  }
}
