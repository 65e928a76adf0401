import { existsSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import { buildStacks } from './built-stacks.ts';
import { data, functions, policiesOf, service, stacks } from './test-stage.ts';

const SNAPSHOT = 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:last';
/** Properties of a cluster that CloudFormation cannot change in place: `createOnlyProperties` of the resource’s schema. */
const createOnly = [
  ...['AvailabilityZones', 'ClusterScalabilityType', 'DBClusterIdentifier', 'DBSubnetGroupName', 'DBSystemId'],
  ...['DatabaseName', 'EngineMode', 'KmsKeyId', 'PubliclyAccessible', 'RestoreToTime', 'RestoreType'],
  ...['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'SourceDbClusterResourceId', 'SourceRegion'],
  ...['StorageEncrypted', 'UseLatestRestorableTime'],
];

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
      mailings.entry,
      'functions/report/bot-reports.ts',
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
  const receiving = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const more: Readonly<Record<string, readonly string[]>> = {
    'functions/database/migrate.ts': transactions,
    'functions/trades/handler.ts': transactions,
    'functions/summaries/handler.ts': transactions,
    'functions/report/handler.ts': transactions,
    // To the queue of the night, and to its dead letters.
    'functions/summaries/nightly.ts': ['sqs:SendMessage'],
    [nightlyBots.entry]: [...transactions, ...receiving],
    // To the queue of the mailings, and to its dead letters.
    'functions/report/bot-reports.ts': ['sqs:SendMessage'],
    [mailings.entry]: [...transactions, 'ses:SendRawEmail', ...receiving],
    'functions/report/daily.ts': [...transactions, 'ses:SendRawEmail', 'sqs:SendMessage'],
    'functions/report/weekly.ts': [...transactions, 'ses:SendRawEmail', 'sqs:SendMessage'],
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
      'MAILINGS_URL',
      'MATERIAL_USD',
      'NEVER_LINKING_SOURCES',
      'NIGHTLY_BOTS_URL',
      'NODE_OPTIONS',
      'NOTIFY_SECRET_ARN',
      'POWERTOOLS_SERVICE_NAME',
      'REPORT_CONFIGURATION_SET',
      'REPORT_HOUR',
      'REPORT_RECIPIENTS',
      'REPORT_REPLY_TO',
      'REPORT_SENDER',
      'TARGET_EXPECTANCY_USD',
      'TARGET_FAST_EXIT_RATE',
      'TARGET_PROFIT_FACTOR',
      'TARGET_WIN_RATE',
      'TRADING_TIME_ZONE',
      'WEEKLY_REVIEW',
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

describe('names that a runbook can say', () => {
  test('are those of functions, logs and schedules, by stage and purpose', () => {
    const named = (type: string, field: string) =>
      Object.values(service.findResources(type)).map(({ Properties }) => Properties[field]);
    for (const name of [
      'snapshots',
      'trades',
      'summaries-nightly',
      'report-daily',
      'report-weekly',
      'report-mailings',
      'migrate',
    ]) {
      expect(named('AWS::Lambda::Function', 'FunctionName')).toContain(`strategy-snapshots-test-${name}`);
      expect(named('AWS::Logs::LogGroup', 'LogGroupName')).toContain(`/strategy-snapshots/test/${name}`);
    }
    expect(named('AWS::Scheduler::Schedule', 'Name').toSorted()).toEqual([
      'strategy-snapshots-test-bot-reports',
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
