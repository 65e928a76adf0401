import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeAccountAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { ExecuteStatementCommand, RDSDataClient, RDSDataServiceException } from '@aws-sdk/client-rds-data';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { beforeEach, expect, test } from 'vitest';
import cdk from '../../../cdk.json' with { type: 'json' };
import { runDeployCheck } from '../../../cli/deploy-check/deploy-check.ts';
import { mockedClient } from '../../support/mocked-client.ts';
import { strategy } from '../strategy.ts';

const cloudFormation = mockedClient(CloudFormationClient);
const rds = mockedClient(RDSClient);
const data = mockedClient(RDSDataClient);
const ses = mockedClient(SESv2Client);
const lambda = mockedClient(LambdaClient);
const ec2 = mockedClient(EC2Client);
const quotas = mockedClient(ServiceQuotasClient);
const secrets = mockedClient(SecretsManagerClient);
const all = [cloudFormation, rds, data, ses, lambda, ec2, quotas, secrets];

const named = (name: string, message = name) => Object.assign(new Error(message), { name });
const stack = (StackName: string, more: object = {}) => ({
  Stacks: [{ StackName, StackStatus: 'CREATE_COMPLETE' as const, CreationTime: new Date(0), ...more }],
});
const bootstrapped = (version: string) =>
  cloudFormation
    .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
    .resolves(stack('CDKToolkit', { Outputs: [{ OutputKey: 'BootstrapVersion', OutputValue: version }] }));
const verified = (EmailIdentity: string, VerifiedForSendingStatus = true) =>
  ses.on(GetEmailIdentityCommand, { EmailIdentity }).resolves({ VerifiedForSendingStatus });
const account = (more: object = {}) =>
  ses.on(GetAccountCommand).resolves({
    ...{
      SendingEnabled: true,
      ProductionAccessEnabled: true,
      SendQuota: { Max24HourSend: 50_000, SentLast24Hours: 0 },
    },
    ...more,
  });

const SNAPSHOT = 'arn:aws:rds:us-east-1:123456789012:cluster-snapshot:last';
const DATABASE = {
  database_arn: 'arn:aws:rds:us-east-1:123456789012:cluster:strategy-restore-1',
  master_secret_arn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1-AbCdEf',
};

beforeEach(() => {
  cloudFormation.on(DescribeStacksCommand).rejects(named('ValidationError', 'Stack with id x does not exist'));
  bootstrapped('25');
  rds.on(DescribeOrderableDBInstanceOptionsCommand).resolves({ OrderableDBInstanceOptions: [{}] });
  rds
    .on(DescribeAccountAttributesCommand)
    .resolves({ AccountQuotas: [{ AccountQuotaName: 'DBClusters', Used: 1, Max: 40 }] });
  data.on(ExecuteStatementCommand).rejects(
    new RDSDataServiceException({
      name: 'BadRequestException',
      message: 'no cluster',
      $fault: 'client',
      $metadata: {},
    }),
  );
  ses.on(GetEmailIdentityCommand).rejects(named('NotFoundException'));
  verified('example.com');
  account();
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 } });
  secrets.on(DescribeSecretCommand).resolves({});
  ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{}] });
  quotas.on(GetServiceQuotaCommand).rejects(named('NoSuchResourceException'));
  quotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 5 } });
});

async function check(settings: object = {}) {
  const lines: string[] = [];
  const context = { ...cdk.context, report_sender: 'reports@mail.example.com', ...settings };
  const failures = await runDeployCheck({ context, region: 'us-east-1' }, (line) => lines.push(line));
  const marked = (mark: string) => lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(2)] : []));
  return { failures, passed: marked('✓'), failed: marked('✗'), skipped: marked('–') };
}

test('passes where everything is there: the sender may be verified by a domain above its own', async () => {
  const { failures, passed, failed, skipped } = await check();
  expect(failed).toEqual([]);
  expect(failures).toBe(0);
  expect(passed).toEqual([
    'the settings are right',
    'CDK is bootstrapped: version 25',
    'the region has Aurora PostgreSQL 17.7 Serverless v2',
    'the region has the RDS Data API',
    'SES has verified reports@mail.example.com: by example.com',
    'SES sends to 1 recipient: out of the sandbox',
    'Lambda has concurrent executions for the functions: at most 1000 in the account',
    'there is room for a cluster',
    'there is room for a network',
  ]);
  expect(skipped).toEqual([
    'somebody is notified of alarms: skipped, they are only in the console until you set alarm_email',
  ]);
});

test('only reads', async () => {
  await check({ ...DATABASE, snapshot_arn: SNAPSHOT });
  const commands = all.flatMap((each) =>
    each.calls().map(({ args: [command] }) => [command.constructor.name, command.input]),
  );
  for (const [name, input] of commands)
    expect(name, JSON.stringify(input)).toMatch(/^(Describe|Get)|^ExecuteStatementCommand$/);
  for (const { args } of data.commandCalls(ExecuteStatementCommand)) expect(args[0].input.sql).toBe('SELECT 1');
});

test.for<[string, () => unknown, object, RegExp]>([
  [
    'the bootstrap',
    () =>
      cloudFormation
        .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
        .rejects(named('ValidationError', 'does not exist')),
    {},
    /^CDK is bootstrapped: There is no stack CDKToolkit.*Run npx cdk bootstrap/,
  ],
  ['an old bootstrap', () => bootstrapped('5'), {}, /Its version is 5, below 6\. Run npx cdk bootstrap/],
  [
    'Aurora',
    () => rds.on(DescribeOrderableDBInstanceOptionsCommand).resolves({ OrderableDBInstanceOptions: [] }),
    {},
    /Serverless v2: RDS does not offer it here\. Deploy to another region/,
  ],
  [
    'the Data API',
    () => data.on(ExecuteStatementCommand).rejects(new Error('getaddrinfo ENOTFOUND')),
    {},
    /RDS Data API: It does not answer \(getaddrinfo ENOTFOUND\)\. Deploy to another region/,
  ],
  [
    'the identity',
    () => verified('example.com', false),
    {},
    /^SES has verified reports@mail\.example\.com: .*Run aws sesv2 create-email-identity --email-identity reports@mail\.example\.com/,
  ],
  [
    'a recipient in the sandbox',
    () => account({ ProductionAccessEnabled: false }),
    { report_recipients: 'ann@example.com,bob@other.org' },
    /in the sandbox.*: bob@other\.org is not\. Run aws sesv2 create-email-identity --email-identity bob@other\.org/,
  ],
  ['permission to send', () => account({ SendingEnabled: false }), {}, /Sending is paused/],
  [
    'the quota of mails',
    () => account({ SendQuota: { Max24HourSend: 200, SentLast24Hours: 200 } }),
    {},
    /Only 200 mails a day are allowed, and 200 were sent/,
  ],
  [
    'concurrency to reserve',
    () => undefined,
    { reserved_concurrency: 100 },
    /reserved_concurrency takes 1[0-9]00 of 1000/,
  ],
  [
    'room for a cluster',
    () =>
      rds
        .on(DescribeAccountAttributesCommand)
        .resolves({ AccountQuotas: [{ AccountQuotaName: 'DBClusters', Used: 40, Max: 40 }] }),
    {},
    /All 40 clusters are in use\. Delete one\. Ask for more in the Service Quotas console/,
  ],
  [
    'room for a network',
    () => ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{}, {}, {}, {}, {}] }),
    {},
    /All 5 VPCs of the region are in use/,
  ],
  [
    'the Data API of another cluster',
    () => rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ HttpEndpointEnabled: false }] }),
    DATABASE,
    /aws rds enable-http-endpoint --resource-arn arn:aws:rds:us-east-1:123456789012:cluster:strategy-restore-1/,
  ],
  [
    'a snapshot',
    () => rds.on(DescribeDBClusterSnapshotsCommand).rejects(named('DBClusterSnapshotNotFoundFault')),
    { snapshot_arn: SNAPSHOT },
    /snapshot_arn exists: There is none in this region\. Copy it here/,
  ],
  [
    'the secret of channels',
    () => secrets.on(DescribeSecretCommand).rejects(named('ResourceNotFoundException')),
    { notify_secret_arn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:notify-AbCdEf' },
    /^the secret notify_secret_arn exists: There is none in this region\. Create it/,
  ],
  ['a right setting', () => undefined, { report_hour: 25 }, /^the settings are right: report_hour: must be a number/],
])('says how to get what is missing: %s', async ([_, breaks, settings, message]) => {
  breaks();
  const { failures, failed } = await check(settings);
  expect(failed).toEqual([expect.stringMatching(message)]);
  expect(failures).toBe(1);
});

test('in the sandbox, verified recipients are enough', async () => {
  account({ ProductionAccessEnabled: false });
  const { passed } = await check({ report_recipients: 'ann@example.com' });
  expect(passed).toContain('SES sends to 1 recipient: in the sandbox, but all of them are verified');
});

test('asks for no network and cluster once the stage has them, nor for SES without a sender', async () => {
  cloudFormation.on(DescribeStacksCommand, { StackName: 'strategy-snapshots-dev-data' }).resolves(stack('data'));
  const { skipped } = await check({ report_sender: undefined });
  expect(skipped).toEqual(
    expect.arrayContaining([
      'SES may send reports: skipped, there is no report_sender',
      'there is room for a network and a cluster: skipped, the stage has them already',
    ]),
  );
});

test('strategy deploy-check takes the settings of cdk.json, and its exit code says whether something is missing', async () => {
  process.env.AWS_REGION = 'us-east-1';
  expect(await strategy(['deploy-check', '--stage', 'next'])).toMatchObject({ code: 0, stderr: '' });
  const stages = cloudFormation.commandCalls(DescribeStacksCommand).map(({ args }) => args[0].input.StackName);
  expect(stages).toContain('strategy-snapshots-next-data');
  bootstrapped('5');
  expect(await strategy(['deploy-check'])).toMatchObject({ code: 1, stderr: '1 check failed.\n' });
});
