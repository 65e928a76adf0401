import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Outputs } from '../../service/outputs.ts';
import type { Checklist } from '../checklist.ts';

/** Checks that no scheduled run has failed for good in the last 14 days, which is the retention of the queues. */
export async function checkFailureQueues(
  { check }: Checklist,
  sqs: SQSClient,
  { DailySummaryFailuresUrl, DailyReportFailuresUrl, WeeklyReviewFailuresUrl, MailEventsFailuresUrl }: Outputs,
): Promise<void> {
  for (const [schedule, QueueUrl] of Object.entries({
    'daily-summary': DailySummaryFailuresUrl,
    'daily-report': DailyReportFailuresUrl,
    'weekly-review': WeeklyReviewFailuresUrl,
    'mail-events': MailEventsFailuresUrl,
  })) {
    if (QueueUrl === undefined) continue;
    await check(`no run of ${schedule} has failed for good`, async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      const waiting = Attributes?.ApproximateNumberOfMessages;
      if (waiting !== '0') throw new Error(`${waiting} wait in ${QueueUrl}`);
    });
  }
}
