import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsForMetricCommand,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from 'vitest';
import { openChecklist } from '../../../cli/smoke/checklist.ts';
import { checkAlarm } from '../../../cli/smoke/checks/alarm.ts';
import { mockedClient } from '../../support/mocked-client.ts';

const cloudWatch = mockedClient(CloudWatchClient);
const sns = mockedClient(SNSClient);
const lambda = mockedClient(LambdaClient);
const sqs = mockedClient(SQSClient);

const outputs = {
  DailySummaryFunction: 'strategy-snapshots-dev-summaries-nightly',
  DailySummaryFailuresUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/failures',
};
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alarms';
const OTHERS = { ReceiptHandle: 'other', Body: '{"requestPayload":{"at":"2026-11-22T00:05:00Z"}}' };

/** The queue that the failed event reaches, which the alarm and its topic follow one look later each. */
let queue: { ReceiptHandle: string; Body: string }[];
let looks: number;
let state: string;
let subscribers: { SubscriptionArn: string; Endpoint: string }[];
let history: string;
let failedDeliveries: number;

beforeEach(() => {
  queue = [OTHERS];
  looks = 0;
  state = 'OK';
  subscribers = [{ SubscriptionArn: `${TOPIC}:1`, Endpoint: 'ops@example.com' }];
  history = `Successfully executed action ${TOPIC}`;
  failedDeliveries = 0;
  const later = () => looks++ > 3;
  lambda.on(InvokeCommand).callsFake(({ FunctionName, InvocationType, Payload }) => {
    expect({ FunctionName, InvocationType }).toEqual({
      FunctionName: outputs.DailySummaryFunction,
      InvocationType: 'Event',
    });
    queue.push({ ReceiptHandle: 'ours', Body: JSON.stringify({ requestPayload: JSON.parse(Payload) }) });
    return { StatusCode: 202 };
  });
  cloudWatch.on(DescribeAlarmsForMetricCommand).callsFake(({ Dimensions }) => {
    expect(Dimensions).toEqual([{ Name: 'QueueName', Value: 'failures' }]);
    if (queue.length > 1 && later()) state = 'ALARM';
    return {
      MetricAlarms: [{ AlarmName: 'given up', StateValue: state, ActionsEnabled: true, AlarmActions: [TOPIC] }],
    };
  });
  cloudWatch
    .on(DescribeAlarmHistoryCommand)
    .callsFake(() => ({ AlarmHistoryItems: later() ? [{ HistorySummary: history }] : [] }));
  cloudWatch.on(GetMetricStatisticsCommand).callsFake(({ MetricName }) => {
    const count = MetricName === 'NumberOfNotificationsFailed' ? failedDeliveries : Number(later());
    return { Datapoints: [{ Sum: count }] };
  });
  sns.on(ListSubscriptionsByTopicCommand, { TopicArn: TOPIC }).callsFake(() => ({ Subscriptions: subscribers }));
  sqs.on(ReceiveMessageCommand).callsFake(() => ({ Messages: queue }));
  sqs.on(DeleteMessageCommand).callsFake(({ ReceiptHandle }) => {
    queue = queue.filter((each) => each.ReceiptHandle !== ReceiptHandle);
  });
});

async function check() {
  const lines: string[] = [];
  const checklist = openChecklist({ print: (line) => lines.push(line) });
  const clients = { lambda: new LambdaClient(), sqs: new SQSClient(), region: 'us-east-1' };
  await checkAlarm(checklist, clients, outputs, 1);
  return lines;
}

test('lets a run fail, follows its alarm to the delivered mail, and takes only its own event out of the queue', async () => {
  expect(await check()).toEqual([
    '✓ the alarm of a run that was given up mails somebody: given up',
    '✓ a run fails on purpose',
    '✓ its alarm goes off',
    '✓ the alarm publishes to its topic',
    '✓ the topic delivers the mail',
    '✓ the event is taken out of the queue again',
  ]);
  expect(queue).toEqual([OTHERS]);
  // It cannot be read as a time, so that the function fails before it does anything.
  const { at } = JSON.parse(String(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.Payload));
  expect(at).toMatch(/^smoke test of /);
});

test.for<[string, () => unknown, string]>([
  ['nobody is notified', () => (subscribers = []), 'nobody is notified: set alarm_email and deploy'],
  [
    'the subscription is not confirmed',
    () => (subscribers = [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' }]),
    'ops@example.com has not confirmed: open the link in the mail',
  ],
  [
    'it is in ALARM already',
    () => (state = 'ALARM'),
    `it is in ALARM already: empty ${outputs.DailySummaryFailuresUrl} first`,
  ],
])('causes no failure when %s', async ([_, breaks, reason]) => {
  breaks();
  expect(await check()).toEqual([`✗ the alarm of a run that was given up mails somebody: ${reason}`]);
  expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
});

test.for<[string, () => unknown, string]>([
  [
    'the alarm may not publish',
    () => (history = `Failed to execute action ${TOPIC}. Received error: "not authorized"`),
    '✗ the alarm publishes to its topic: Failed to execute action',
  ],
  [
    'the mail is not delivered',
    () => (failedDeliveries = 1),
    '✗ the topic delivers the mail: SNS counts a failed delivery',
  ],
])('says when %s, and takes its event out of the queue all the same', async ([_, breaks, line]) => {
  breaks();
  const lines = await check();
  expect(lines.filter((each) => each.startsWith('✗'))).toEqual([expect.stringContaining(line)]);
  expect(lines.at(-1)).toBe('✓ the event is taken out of the queue again');
  expect(queue).toEqual([OTHERS]);
});
