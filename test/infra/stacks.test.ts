import { existsSync, readFileSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { nightlyBots } from '../../functions/queues.ts';
import { buildStacks } from './built-stacks.ts';

const NOTIFY_SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:reports/channels-AbCdEf';
const SNAPSHOT = 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:last';
/** Properties of a cluster that CloudFormation cannot change in place: `createOnlyProperties` of the resource’s schema. */
const createOnly = [
  ...['AvailabilityZones', 'ClusterScalabilityType', 'DBClusterIdentifier', 'DBSubnetGroupName', 'DBSystemId'],
  ...['DatabaseName', 'EngineMode', 'KmsKeyId', 'PubliclyAccessible', 'RestoreToTime', 'RestoreType'],
  ...['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'SourceDbClusterResourceId', 'SourceRegion'],
  ...['StorageEncrypted', 'UseLatestRestorableTime'],
];
const stacks = buildStacks({
  stage: 'test',
  trading_time_zone: 'Europe/Berlin',
  report_hour: '6',
  report_sender: 'bot@example.com',
  report_recipients: 'ann@example.org',
  report_reply_to: 'owner@example.com',
  notify_secret_arn: NOTIFY_SECRET,
  weekly_review: 'friday',
  alarm_email: 'ops@example.com',
  log_retention_days: '7',
});
const data = Template.fromStack(stacks.data);
const service = Template.fromStack(stacks.service);

/** Our own functions by their entry, which is their description; CDK's functions have none. */
const functions = new Map(
  Object.entries(service.findResources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => Properties.Description !== undefined)
    .map(([id, { Properties, DependsOn }]) => [String(Properties.Description), { id, Properties, DependsOn }]),
);

/** The statements of the policies of a function's role. */
function policiesOf(entry: string) {
  const role = functions.get(entry)?.Properties.Role['Fn::GetAtt'][0];
  return Object.values(service.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { readonly Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe('the database', () => {
  test('is encrypted, backed up, protected, and leaves a snapshot when it is deleted', () => {
    data.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: { StorageEncrypted: true, BackupRetentionPeriod: 7, DeletionProtection: true },
    });
    expect(stacks.data.terminationProtection).toBe(true);
  });

  test('is Aurora PostgreSQL 17.7, pauses when idle, and RDS keeps the master password', () => {
    data.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      EngineVersion: '17.7',
      EnableHttpEndpoint: true,
      ManageMasterUserPassword: true,
      MasterUserPassword: Match.absent(),
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2 },
    });
  });

  test('given by its ARN, is the one that every function and the migrator use, and that the alarm watches', () => {
    const database_arn = 'arn:aws:rds:eu-central-1:123456789012:cluster:strategy-restore-1';
    const master_secret_arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf';
    const given = buildStacks({ stage: 'test', database_arn, master_secret_arn });
    const template = Template.fromStack(given.service);
    const ours = Object.values(template.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Description,
    );
    for (const { Properties } of ours)
      expect(Properties.Environment.Variables.DATABASE_RESOURCE_ARN, Properties.Description).toBe(database_arn);
    const used = JSON.stringify(template.toJSON().Resources);
    expect(used).not.toMatch(/PublishOutput\w*Cluster/);
    expect(used).toContain(master_secret_arn);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ACUUtilization',
      Dimensions: [{ Name: 'DBClusterIdentifier', Value: 'strategy-restore-1' }],
    });
    expect(new AwsSolutionsChecks().validateScope(given.app).violations).toEqual([]);
    // The data stack keeps its cluster, and the outputs that a rollback needs.
    expect(Template.fromStack(given.data).toJSON()).toEqual(
      Template.fromStack(buildStacks({ stage: 'test' }).data).toJSON(),
    );
  });

  test('from a snapshot takes its name, owner and encryption from there', () => {
    const given = buildStacks({ stage: 'test', snapshot_arn: SNAPSHOT });
    Template.fromStack(given.data).hasResourceProperties('AWS::RDS::DBCluster', {
      SnapshotIdentifier: SNAPSHOT,
      DatabaseName: Match.absent(),
      MasterUsername: Match.absent(),
      StorageEncrypted: Match.absent(),
      ManageMasterUserPassword: true,
      EnableHttpEndpoint: true,
    });
    expect(new AwsSolutionsChecks().validateScope(given.app).violations).toEqual([]);
  });

  test('reaches the migrator and every function when it is replaced: what refers to it changes too', () => {
    const references = (snapshot: object) => {
      const { service } = buildStacks({ stage: 'test', ...snapshot });
      return Object.values(Template.fromStack(service).findResources('AWS::Lambda::Function'))
        .filter(({ Properties }) => Properties.Description)
        .map(({ Properties }) => JSON.stringify(Properties.Environment.Variables.DATABASE_RESOURCE_ARN));
    };
    const [own, restored, another] = [{}, { snapshot_arn: SNAPSHOT }, { snapshot_arn: `${SNAPSHOT}-2` }].map(
      references,
    );
    for (const [i, reference] of own?.entries() ?? [])
      expect(new Set([reference, restored?.[i], another?.[i]])).toHaveProperty('size', 3);
  });

  test('keeps what replaces a cluster when it changes: a change needs another id of the construct', () => {
    const [cluster] = Object.entries(data.findResources('AWS::RDS::DBCluster')).map(([id, { Properties }]) => ({
      id,
      ...Object.fromEntries(Object.entries(Properties).filter(([name]) => createOnly.includes(name))),
    }));
    expect(cluster).toEqual({
      id: 'DatabaseCluster5B53A178',
      DatabaseName: 'strategies',
      DBSubnetGroupName: { Ref: 'DatabaseClusterSubnets5540150D' },
      StorageEncrypted: true,
    });
  });

  test('has a network without gateways and endpoints', () => {
    for (const way of ['InternetGateway', 'NatGateway', 'VPCEndpoint', 'Route', 'SecurityGroupIngress']) {
      data.resourceCountIs(`AWS::EC2::${way}`, 0);
    }
  });
});

describe('the API', () => {
  const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);

  test('has a route for every operation, signed unless the operation is public', () => {
    const expected = operations.map(({ method, path, access }) => [
      `${method} ${path}`,
      access === 'public' ? 'NONE' : 'AWS_IAM',
    ]);
    const actual = routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]);
    expect(actual.toSorted()).toEqual([...expected, ['$default', 'AWS_IAM']].toSorted());
  });

  test('is public for the health check only', () => {
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'AWS_IAM');
    expect(open.map(({ RouteKey }) => RouteKey)).toEqual(['GET /health']);
  });

  test('is throttled and logs every request', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { DestinationArn: Match.anyValue() },
    });
  });
});

describe('a function', () => {
  test('exists for each capability, each schedule, each queue and the migrations, with an existing entry', () => {
    const handlers = new Set(operations.map(({ capability }) => `functions/${capability}/handler.ts`));
    const scheduled = ['functions/summaries/nightly.ts', 'functions/report/daily.ts', 'functions/report/weekly.ts'];
    const others = [
      ...scheduled,
      nightlyBots.entry,
      'functions/report/mail-events.ts',
      'functions/database/migrate.ts',
    ];
    expect([...functions.keys()].toSorted()).toEqual([...handlers, ...others].toSorted());
    expect([...functions.keys()].filter((entry) => !existsSync(entry))).toEqual([]);
  });

  test.for([...functions.keys()])('%s runs on Node.js 24 on arm64', (entry) => {
    expect(functions.get(entry)?.Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  const statements = [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'rds-data:ExecuteStatement',
    'secretsmanager:GetSecretValue',
  ];
  const transactions = ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:RollbackTransaction'];
  const more: Readonly<Record<string, readonly string[]>> = {
    'functions/database/migrate.ts': transactions,
    'functions/trades/handler.ts': transactions,
    // To the queue of the night, and to its dead letters.
    'functions/summaries/nightly.ts': ['sqs:SendMessage'],
    'functions/summaries/nightly-bots.ts': [
      ...transactions,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
    ],
    'functions/report/daily.ts': ['ses:SendRawEmail', 'sqs:SendMessage'],
    'functions/report/weekly.ts': ['ses:SendRawEmail', 'sqs:SendMessage'],
    'functions/report/mail-events.ts': ['sqs:SendMessage'],
  };

  test.for([...functions.keys()])('%s has only the permissions that it needs', (entry) => {
    const allowed = policiesOf(entry);
    expect(allowed.flatMap(({ Action }) => Action).toSorted()).toEqual(
      [...statements, ...(more[entry] ?? [])].toSorted(),
    );
    expect(JSON.stringify(allowed.map(({ Resource }) => Resource))).not.toContain('*');
  });

  test('of the API knows which signers may use which bots, where that is set', () => {
    const bot_callers = { 'arn:aws:iam::000000000000:role/scalper': ['scalper'] };
    const { service } = buildStacks({ stage: 'test', bot_callers: JSON.stringify(bot_callers) });
    const withCallers = Object.values(Template.fromStack(service).findResources('AWS::Lambda::Function'))
      .filter(({ Properties }) => Properties.Environment?.Variables.BOT_CALLERS === JSON.stringify(bot_callers))
      .map(({ Properties }) => Properties.Description);
    expect(withCallers.toSorted()).toEqual([
      ...new Set(operations.map(({ capability }) => `functions/${capability}/handler.ts`).toSorted()),
    ]);
  });

  test('can have its concurrency limited', () => {
    const { service } = buildStacks({ stage: 'test', reserved_concurrency: '5' });
    const reserved = Object.values(Template.fromStack(service).findResources('AWS::Lambda::Function'))
      .filter(({ Properties }) => Properties.Description)
      .map(({ Properties }) => Properties.ReservedConcurrentExecutions);
    expect(new Set(reserved)).toEqual(new Set([5]));
  });

  test('reads the master secret only if it is the migrator', () => {
    const readers = [...functions.keys()].filter((entry) =>
      JSON.stringify(policiesOf(entry)).includes('MasterUserSecret'),
    );
    expect(readers).toEqual(['functions/database/migrate.ts']);
  });

  test('has names and addresses in its environment, never secrets', () => {
    const variables = [...functions.values()].flatMap(({ Properties }) =>
      Object.keys(Properties.Environment.Variables),
    );
    expect([...new Set(variables)].toSorted()).toEqual([
      'APP_SECRET_ARN',
      'DATABASE_NAME',
      'DATABASE_RESOURCE_ARN',
      'DATABASE_SECRET_ARN',
      'LOG_LEVEL',
      'MATERIAL_USD',
      'NEVER_LINKING_SOURCES',
      'NIGHTLY_BOTS_URL',
      'NODE_OPTIONS',
      'NOTIFY_SECRET_ARN',
      'POWERTOOLS_SERVICE_NAME',
      'REPORT_CONFIGURATION_SET',
      'REPORT_RECIPIENTS',
      'REPORT_REPLY_TO',
      'REPORT_SENDER',
      'TARGET_EXPECTANCY_USD',
      'TARGET_FAST_EXIT_RATE',
      'TARGET_PROFIT_FACTOR',
      'TARGET_WIN_RATE',
      'TRADING_TIME_ZONE',
    ]);
    expect(JSON.stringify(service.toJSON())).not.toContain('{{resolve:secretsmanager');
  });

  test('is deployed after the migrations, which have nearly 15 minutes', () => {
    const triggers = service.findResources('Custom::Trigger', {
      Properties: { InvocationType: 'RequestResponse', Timeout: String(14 * 60 * 1000) },
    });
    const [trigger] = Object.keys(triggers);
    expect(trigger).toBeDefined();
    for (const [entry, { DependsOn }] of functions) {
      expect(DependsOn.includes(trigger), entry).toBe(entry !== 'functions/database/migrate.ts');
    }
    expect(functions.get('functions/database/migrate.ts')?.Properties.Timeout).toBe(15 * 60);
  });
});

describe('a log', () => {
  test('has the configured retention, including that of the function that CDK adds', () => {
    service.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    service.allResourcesProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: Match.anyValue() } });
  });
});

describe('a schedule', () => {
  test.for([
    ['daily-summary', 'cron(5 0 * * ? *)'],
    ['daily-report', 'cron(0 6 * * ? *)'],
    ['weekly-review', 'cron(0 6 ? * FRI *)'],
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
      (id) => !/^(nightlybots|MailEvents)/.test(id),
    );
    expect(queues).toHaveLength(3);
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
    expect(service.node.tryFindChild('weekly-review')).toBeUndefined();
    expect(service.node.metadata).toContainEqual(
      expect.objectContaining({ type: 'aws:cdk:warning', data: expect.stringContaining('report_sender') }),
    );
  });
});

describe('the queue of the night', () => {
  const [id, queue] = Object.entries(service.findResources('AWS::SQS::Queue')).find(
    ([, { Properties }]) => Properties.QueueName === 'strategy-snapshots-test-nightly-bots',
  ) ?? ['', { Properties: {} }];
  const [mapping] = Object.values(service.findResources('AWS::Lambda::EventSourceMapping'));

  test('is filled by the schedule and emptied by a function, in batches whose messages fail one by one', () => {
    expect(functions.get('functions/summaries/nightly.ts')?.Properties.Environment.Variables).toMatchObject({
      NIGHTLY_BOTS_URL: { Ref: id },
    });
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [id, 'Arn'] },
      BatchSize: nightlyBots.batch,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: nightlyBots.atOnce },
    });
    // A message must not be delivered again while it is worked on.
    const { Timeout } = functions.get(nightlyBots.entry)?.Properties ?? {};
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThan(Timeout);
  });

  test('keeps a message that failed three times, and an alarm tells', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue.Properties.RedrivePolicy;
    expect(maxReceiveCount).toBe(nightlyBots.attempts);
    const failures = deadLetterTargetArn['Fn::GetAtt'][0];
    service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [failures, 'QueueName'] } }],
    });
    service.hasOutput('NightlyBotsFailuresUrl', { Value: { Ref: failures } });
  });

  test('is emptied no faster than the concurrency in the settings allows', () => {
    const { service } = buildStacks({ stage: 'test', reserved_concurrency: '3' });
    Template.fromStack(service).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 3 },
    });
  });
});

describe('the mail', () => {
  const mailing = ['functions/report/daily.ts', 'functions/report/weekly.ts'];

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
    expect(alarms).toHaveLength(5 + 11);
    const metrics = alarms.flatMap(metricsOf);
    for (const name of ['NightlyRuns', 'DailyReports', 'UnservedChannels', 'PoorlyLinkedBots', 'SilentBots'])
      expect(metrics).toContain(name);
    for (const name of ['DriftingBots', 'LosingBots', 'WaitingDays', 'BlockedRecipients'])
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

describe('names that a runbook can say', () => {
  test('are those of functions, logs and schedules, by stage and purpose', () => {
    const named = (type: string, field: string) =>
      Object.values(service.findResources(type)).map(({ Properties }) => Properties[field]);
    for (const name of ['snapshots', 'trades', 'summaries-nightly', 'report-daily', 'report-weekly', 'migrate']) {
      expect(named('AWS::Lambda::Function', 'FunctionName')).toContain(`strategy-snapshots-test-${name}`);
      expect(named('AWS::Logs::LogGroup', 'LogGroupName')).toContain(`/strategy-snapshots/test/${name}`);
    }
    expect(named('AWS::Scheduler::Schedule', 'Name').toSorted()).toEqual([
      'strategy-snapshots-test-daily-report',
      'strategy-snapshots-test-daily-summary',
      'strategy-snapshots-test-weekly-review',
    ]);
  });

  test('are short enough for the longest stage', () => {
    const { service } = buildStacks({ stage: 'a'.repeat(20), report_sender: 'bot@example.com' });
    const functions = Object.values(Template.fromStack(service).findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions) expect((Properties.FunctionName ?? '').length).toBeLessThanOrEqual(64);
  });

  test('include a dashboard of the stage, with the metrics that its functions publish', () => {
    const [dashboard, ...others] = Object.values(service.findResources('AWS::CloudWatch::Dashboard'));
    expect(others).toEqual([]);
    expect(dashboard?.Properties.DashboardName).toBe('strategy-snapshots-test');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    for (const name of ['Latency', '5xx', 'ACUUtilization', 'NightlyRuns', 'DailyReports', 'PoorlyLinkedBots'])
      expect(body).toContain(name);
  });
});

describe('the stacks', () => {
  test('pass the AWS Solutions checks, or give a reason', () => {
    expect(new AwsSolutionsChecks().validateScope(stacks.app).violations).toEqual([]);
  });

  test('can be deleted when deletion protection is off', () => {
    const { app, data } = buildStacks({ stage: 'test', deletion_protection: 'false' });
    expect(data.terminationProtection).toBe(false);
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });
});
