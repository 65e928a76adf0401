import { readFileSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import { buildStacks } from './built-stacks.ts';
import { functions, NOTIFY_SECRET, policiesOf, service } from './test-stage.ts';

describe('a schedule', () => {
  test.for([
    ['daily-summary', 'cron(5 0 * * ? *)'],
    ['daily-report', 'cron(0 6 * * ? *)'],
    ['weekly-review', 'cron(0 6 ? * FRI *)'],
    ['bot-reports', 'cron(0 * * * ? *)'],
  ] as const)('%s runs in the trading time zone, and its event has the scheduled time', ([name, expression]) => {
    service.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Input: JSON.stringify({ schedule: name, at: '<aws.scheduler.scheduled-time>' }) },
    });
  });

  test('keeps events given up by EventBridge Scheduler or by Lambda in its dead-letter queue, which has an alarm', () => {
    const queues = Object.keys(service.findResources('AWS::SQS::Queue')).filter(
      (id) => !/^(nightlybots|mailings|MailEvents)/.test(id),
    );
    expect(queues).toHaveLength(4);
    for (const queue of queues) {
      const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
      service.hasResourceProperties('AWS::Scheduler::Schedule', { Target: { DeadLetterConfig: { Arn: arn } } });
      service.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        DestinationConfig: { OnFailure: { Destination: arn } },
      });
      service.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      });
    }
  });

  test('mails no report without a sender, and the synthesis warns', () => {
    const { service } = buildStacks({ stage: 'test' });
    expect(service.node.tryFindChild('daily-summary')).toBeDefined();
    expect(service.node.tryFindChild('daily-report')).toBeUndefined();
    for (const name of ['weekly-review', 'bot-reports', mailings.name])
      expect(service.node.tryFindChild(name)).toBeUndefined();
    expect(service.node.metadata).toContainEqual(
      expect.objectContaining({ type: 'aws:cdk:warning', data: expect.stringContaining('report_sender') }),
    );
  });
});

describe.each([
  { definition: nightlyBots, fillers: ['functions/summaries/nightly.ts'], output: 'NightlyBotsFailuresUrl' },
  {
    definition: mailings,
    fillers: ['functions/report/bot-reports.ts'],
    output: 'MailingsFailuresUrl',
  },
])('the queue $definition.name', ({ definition, fillers, output }) => {
  const [id, queue] = Object.entries(service.findResources('AWS::SQS::Queue')).find(
    ([, { Properties }]) => Properties.QueueName === `strategy-snapshots-test-${definition.name}`,
  ) ?? ['', { Properties: {} }];
  const mapping = Object.values(service.findResources('AWS::Lambda::EventSourceMapping')).find(
    ({ Properties }) => Properties.EventSourceArn['Fn::GetAtt'][0] === id,
  );

  test('is filled by its functions and emptied by one, in batches whose messages fail one by one', () => {
    const filling = [...functions.values()].filter(({ Properties }) =>
      Object.keys(Properties.Environment.Variables).includes(definition.variable),
    );
    expect(filling.map(({ Properties }) => Properties.Description).sort()).toEqual(fillers.toSorted());
    for (const { Properties } of filling)
      expect(Properties.Environment.Variables[definition.variable]).toEqual({ Ref: id });
    expect(mapping?.Properties).toMatchObject({
      BatchSize: definition.batch,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: definition.atOnce },
    });
    // A message must not be delivered again while it is worked on.
    const { Timeout } = functions.get(definition.entry)?.Properties ?? {};
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThan(Timeout);
  });

  test('keeps a message that failed three times, and an alarm tells', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue.Properties.RedrivePolicy;
    expect(maxReceiveCount).toBe(definition.attempts);
    const failures = deadLetterTargetArn['Fn::GetAtt'][0];
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [failures, 'QueueName'] } }],
    });
    service.hasOutput(output, { Value: { Ref: failures } });
  });
});

test('queues are emptied no faster than the concurrency in the settings allows', () => {
  const { service } = buildStacks({ stage: 'test', reserved_concurrency: '3', report_sender: 'bot@example.com' });
  const mapped = Template.fromStack(service).findResources('AWS::Lambda::EventSourceMapping');
  expect(Object.values(mapped).map(({ Properties }) => Properties.ScalingConfig)).toEqual([
    { MaximumConcurrency: 3 },
    { MaximumConcurrency: 3 },
  ]);
});

describe('the mail', () => {
  const mailing = ['functions/report/daily.ts', 'functions/report/weekly.ts', mailings.entry];

  test.for(mailing)('of %s has its addresses from the settings', (entry) => {
    expect(functions.get(entry)?.Properties.Environment.Variables).toMatchObject({
      REPORT_SENDER: 'bot@example.com',
      REPORT_RECIPIENTS: 'ann@example.org',
      REPORT_REPLY_TO: 'owner@example.com',
    });
  });

  test.for(mailing)('of %s may be sent with the identity of the sender, of its domain, or of one above it', (entry) => {
    const { service } = buildStacks({ stage: 'test', report_sender: 'bot@mail.example.com' });
    const policies = Object.values(Template.fromStack(service).findResources('AWS::IAM::Policy'));
    const role = entry.replace(/^functions\/|\.ts$/g, '').replace('/', '');
    const [allowed] = policies
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { readonly Ref: string }) => Ref.startsWith(role)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'ses:SendRawEmail');
    const names = allowed.Resource.map((arn: unknown) => JSON.stringify(arn).match(/:([\w-]+\/[^"]+)/)?.[1]);
    expect(names.toSorted()).toEqual([
      'configuration-set/strategy-snapshots-test',
      'identity/bot@mail.example.com',
      'identity/example.com',
      'identity/mail.example.com',
    ]);
    expect(allowed.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'bot@mail.example.com' } });
  });

  test('is sent with a configuration set whose bounces and complaints reach a function, and are kept where it fails', () => {
    service.hasResourceProperties('AWS::SES::ConfigurationSet', { Name: 'strategy-snapshots-test' });
    service.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint'],
        EventBridgeDestination: { EventBusArn: Match.anyValue() },
      },
    });
    const [queue = '', ...others] = Object.keys(service.findResources('AWS::SQS::Queue')).filter((id) =>
      id.startsWith('MailEvents'),
    );
    expect(others).toEqual([]);
    const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
    service.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ses'],
        detail: {
          eventType: ['Bounce', 'Complaint'],
          mail: { tags: { 'ses:configuration-set': ['strategy-snapshots-test'] } },
        },
      },
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [functions.get('functions/report/mail-events.ts')?.id, 'Arn'] },
          DeadLetterConfig: { Arn: arn },
        },
      ],
    });
    service.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: functions.get('functions/report/mail-events.ts')?.id },
      DestinationConfig: { OnFailure: { Destination: arn } },
    });
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    });
    // EventBridge may write to the queue, for this rule only.
    service.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('has none of that without a sender', () => {
    const template = Template.fromStack(buildStacks({ stage: 'test', notify_secret_arn: NOTIFY_SECRET }).service);
    template.resourceCountIs('AWS::SES::ConfigurationSet', 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('BlockedRecipients');
  });

  test('of the week is not sent when it is off; replies go to the sender by default', () => {
    const stacks = buildStacks({ stage: 'test', report_sender: 'bot@example.com', weekly_review: 'off' });
    expect(stacks.service.node.tryFindChild('daily-report')).toBeDefined();
    expect(stacks.service.node.tryFindChild('weekly-review')).toBeUndefined();
    const template = JSON.stringify(Template.fromStack(stacks.service).toJSON());
    expect(template).not.toContain('functions/report/weekly.ts');
    expect(template).not.toContain('REPORT_REPLY_TO');
  });
});

describe('the channels', () => {
  test('have their addresses in a secret that only the functions that send reports may read', () => {
    const readers = [...functions.keys()].filter((entry) => JSON.stringify(policiesOf(entry)).includes(NOTIFY_SECRET));
    expect(readers.toSorted()).toEqual(['functions/report/daily.ts', 'functions/report/weekly.ts']);
    for (const entry of readers)
      expect(functions.get(entry)?.Properties.Environment.Variables).toMatchObject({
        NOTIFY_SECRET_ARN: NOTIFY_SECRET,
      });
  });

  test('get reports without a sender of mails too, and then no function may mail', () => {
    const { service } = buildStacks({
      stage: 'test',
      notify_secret_arn: NOTIFY_SECRET,
      alarm_email: 'ops@example.com',
    });
    expect(service.node.tryFindChild('daily-report')).toBeDefined();
    const template = JSON.stringify(Template.fromStack(service).toJSON());
    expect(template).not.toContain('ses:SendRawEmail');
    expect(template).toContain('DailyReportMissing');
  });

  test('have an alarm only where there are channels', () => {
    const { service } = buildStacks({
      stage: 'test',
      report_sender: 'bot@example.com',
      alarm_email: 'ops@example.com',
    });
    expect(JSON.stringify(Template.fromStack(service).toJSON())).not.toContain('UnservedChannels');
  });
});

interface MathMetric {
  readonly MetricStat: { readonly Metric: { readonly MetricName: string }; readonly Period: number };
}

/** The names of the metrics of an alarm. */
const metricsOf = ({
  MetricName,
  Metrics = [],
}: {
  MetricName?: string;
  Metrics?: readonly Partial<MathMetric>[];
}): string[] =>
  MetricName === undefined ? Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []) : [MetricName];

describe('an alarm', () => {
  const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

  test('exists for every situation in which users are affected, and is mailed', () => {
    expect(alarms).toHaveLength(7 + 12);
    const metrics = alarms.flatMap(metricsOf);
    for (const name of ['NightlyRuns', 'DailyReports', 'UnservedChannels', 'PoorlyLinkedBots', 'SilentBots'])
      expect(metrics).toContain(name);
    for (const name of ['DriftingBots', 'LosingBots', 'WaitingDays', 'BlockedRecipients', 'OverdueMailings'])
      expect(metrics).toContain(name);
    expect(metrics).toEqual(expect.arrayContaining(['5xx', 'ACUUtilization', 'ApproximateNumberOfMessagesVisible']));
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
    service.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  });

  test('on missing runs goes off without data; the others do not', () => {
    for (const alarm of alarms) {
      const missing = metricsOf(alarm).some((name) => ['NightlyRuns', 'DailyReports'].includes(name));
      expect([alarm.ComparisonOperator, alarm.TreatMissingData]).toEqual(
        missing ? ['LessThanThreshold', 'breaching'] : ['GreaterThanOrEqualToThreshold', 'notBreaching'],
      );
    }
  });

  test('on missing runs waits for the first one that is due after a deployment', () => {
    const daily = alarms.filter((alarm) => metricsOf(alarm).includes('Deployments'));
    expect(daily.map((alarm) => metricsOf(alarm)[0])).toEqual(['NightlyRuns', 'DailyReports']);
    for (const { Metrics, EvaluationPeriods, Threshold } of daily) {
      const [sum, ...counts] = Metrics;
      expect(sum.Expression).toBe('FILL(runs, 0) + FILL(deployments, 0)');
      // A day, and six hours for the run itself and its retries.
      expect(counts.map(({ MetricStat: { Period } }: MathMetric) => Period * EvaluationPeriods)).toEqual([
        108_000, 108_000,
      ]);
      expect(Threshold).toBe(1);
    }
    // The migrator counts the deployment, before these alarms exist.
    const dependencies = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(
      ({ DependsOn = [] }) => DependsOn,
    );
    for (const each of dependencies) expect(JSON.stringify(each)).toContain('MigrationsTrigger');
  });

  test('says which users are affected, and has a complete article in the runbook', () => {
    const articles = new Map(
      readFileSync('docs/operating.md', 'utf8')
        .split(/^### /m)
        .slice(1)
        .map((article) => [article.split('\n')[0]?.toLowerCase().replaceAll(' ', '-'), article]),
    );
    for (const { AlarmDescription } of alarms) {
      const [, impact = '', link = ''] =
        /^(.+\.) What to do: docs\/operating\.md#([\w-]+)$/.exec(AlarmDescription) ?? [];
      expect(impact.length).toBeGreaterThan(30);
      for (const part of ['What it means.', 'How to look.', 'How to fix it.'])
        expect(articles.get(link)).toContain(part);
    }
  });

  test('uses the metrics of its own stage, under the name with which the functions publish them', () => {
    const own = alarms.filter(({ Namespace }) => Namespace === 'StrategySnapshots');
    for (const { Dimensions } of own)
      expect(Dimensions).toEqual([{ Name: 'service', Value: 'strategy-snapshots-test' }]);
    for (const { Properties } of functions.values())
      expect(Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe('strategy-snapshots-test');
  });

  test('on costs is a monthly budget', () => {
    service.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 50, Unit: 'USD' } },
    });
  });

  test('exists without an address too, mails nobody then, and the synthesis warns', () => {
    const { service } = buildStacks({ stage: 'test' });
    const template = Template.fromStack(service);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 10);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    expect(service.node.metadata).toContainEqual(
      expect.objectContaining({ type: 'aws:cdk:warning', data: expect.stringContaining('alarm_email') }),
    );
  });
});
