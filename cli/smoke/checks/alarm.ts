import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsForMetricCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { dailySummary } from '../../../functions/schedules.ts';
import type { Outputs } from '../../service/outputs.ts';
import { until, type Waiting } from '../../until.ts';
import type { Checklist } from '../checklist.ts';

interface Clients {
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly region: string | undefined;
}

/** Lambda repeats a failed event after one and after two minutes; the metric of an idle queue can be a quarter of an hour late. */
const LONGEST_MS = 30 * 60_000;
const POLL_MS = 15_000;

/** Lets the nightly run fail as an event that it cannot read makes it, and follows that: to its dead-letter queue, the metric, the alarm, the
 *  topic and its mail, as far as AWS shows it. Takes its event out of the queue again, so that the alarm ends. */
export async function checkAlarm(
  { check }: Checklist,
  { lambda, sqs, region }: Clients,
  { DailySummaryFunction, DailySummaryFailuresUrl }: Pick<Outputs, 'DailySummaryFunction' | 'DailySummaryFailuresUrl'>,
  pollMs = POLL_MS,
): Promise<void> {
  const cloudWatch = new CloudWatchClient({ region });
  const sns = new SNSClient({ region });
  const queue = DailySummaryFailuresUrl.slice(DailySummaryFailuresUrl.lastIndexOf('/') + 1);
  const waiting: Waiting = { signal: AbortSignal.timeout(LONGEST_MS), pollMs };

  const alarm = await check(
    'the alarm of a run that was given up mails somebody',
    async () => {
      const found = await alarmOf(cloudWatch, queue);
      if (found?.StateValue === 'ALARM')
        throw new Error(`it is in ALARM already: empty ${DailySummaryFailuresUrl} first`);
      await subscribersOf(sns, topicOf(found));
      return found;
    },
    ({ AlarmName }) => String(AlarmName),
  );
  if (alarm === null) return;

  const began = new Date();
  const event = { schedule: dailySummary.name, at: `smoke test of ${began.toISOString()}` };
  await check('a run fails on purpose', async () => {
    await lambda.send(
      new InvokeCommand({
        FunctionName: DailySummaryFunction,
        InvocationType: 'Event',
        Payload: JSON.stringify(event),
      }),
    );
  });
  try {
    const raised = await check('its alarm goes off', () =>
      until(async () => (await alarmOf(cloudWatch, queue)).StateValue === 'ALARM', waiting),
    );
    if (raised === null) return;
    await check('the alarm publishes to its topic', () => until(() => published(cloudWatch, alarm, began), waiting));
    await check('the topic delivers the mail', () =>
      until(() => delivered(cloudWatch, topicOf(alarm), began), waiting),
    );
  } finally {
    await check('the event is taken out of the queue again', () =>
      until(() => removed(sqs, DailySummaryFailuresUrl, event.at), waiting),
    );
  }
}

async function alarmOf(cloudWatch: CloudWatchClient, queue: string): Promise<MetricAlarm> {
  const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(
    new DescribeAlarmsForMetricCommand({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Period: 300,
      Dimensions: [{ Name: 'QueueName', Value: queue }],
    }),
  );
  if (alarm === undefined) throw new Error(`there is no alarm on ${queue}`);
  return alarm;
}

function topicOf({ AlarmActions = [], ActionsEnabled }: MetricAlarm): string {
  const [topic] = AlarmActions;
  if (topic === undefined || !ActionsEnabled) throw new Error('it notifies nobody: deploy again');
  return topic;
}

/** @throws Error when nobody has confirmed a subscription */
async function subscribersOf(sns: SNSClient, TopicArn: string): Promise<void> {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  if (Subscriptions.length === 0) throw new Error('nobody is notified: set alarm_email and deploy');
  const pending = Subscriptions.filter(({ SubscriptionArn }) => !SubscriptionArn?.startsWith('arn:'));
  if (pending.length === Subscriptions.length)
    throw new Error(
      `${pending.map(({ Endpoint }) => Endpoint).join(', ')} has not confirmed: open the link in the mail`,
    );
}

/** Whether the alarm's own history has an action since then. @throws Error when the action failed */
async function published(cloudWatch: CloudWatchClient, { AlarmName }: MetricAlarm, since: Date): Promise<boolean> {
  const { AlarmHistoryItems = [] } = await cloudWatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'Action', StartDate: since, EndDate: new Date() }),
  );
  const failed = AlarmHistoryItems.find(({ HistorySummary }) => /^Failed/.test(HistorySummary ?? ''));
  if (failed) throw new Error(failed.HistorySummary);
  return AlarmHistoryItems.length > 0;
}

/** Whether the topic counts a delivery since then. @throws Error when it counts a failure */
async function delivered(cloudWatch: CloudWatchClient, topic: string, since: Date): Promise<boolean> {
  const sum = async (MetricName: string) => {
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SNS',
        MetricName,
        Dimensions: [{ Name: 'TopicName', Value: topic.slice(topic.lastIndexOf(':') + 1) }],
        // Whole minutes: the period of the first point begins before.
        StartTime: new Date(Math.floor(since.getTime() / 60_000) * 60_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  if ((await sum('NumberOfNotificationsFailed')) > 0) throw new Error('SNS counts a failed delivery');
  return (await sum('NumberOfNotificationsDelivered')) > 0;
}

/** Deletes our message, and no other. The others are visible again after the queue’s time-out. */
async function removed(sqs: SQSClient, QueueUrl: string, marker: string): Promise<boolean> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: 5 }),
  );
  const ours = Messages.find(({ Body }) => Body?.includes(marker));
  if (ours === undefined) return false;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: ours.ReceiptHandle }));
  return true;
}
