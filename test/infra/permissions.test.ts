import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import { type RecordedCall, recordedCalls } from '../support/recorded-calls.ts';
import { buildStacks } from './built-stacks.ts';

const { service } = buildStacks({
  stage: 'test',
  report_sender: 'reports@example.com',
  notify_secret_arn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/notify-AbCdEf',
});
const template = Template.fromStack(service);
const functions = Object.values(template.findResources('AWS::Lambda::Function'))
  .map(({ Properties }) => Properties)
  .filter(({ Description }) => Description !== undefined);

/** Formats a permission as `action on resource`, with readable names of resources. */
const allowed = (role: string): string[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { readonly Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}`)),
    );

const names: readonly (readonly [RegExp, string])[] = [
  [/MasterUserSecret/, 'the master secret'],
  [/AppSecret/, 'the app secret'],
  [/notify-AbCdEf/, 'the channels’ secret'],
  [/:rds:.*Cluster/, 'the database'],
  [/configuration-set/, 'the configuration set'],
  [/:ses:/, 'the mail identities'],
  [/nightlybotsQueue/, 'the queue of the night'],
  [/mailingsQueue/, 'the queue of the mailings'],
  [/Failures/, 'its dead letters'],
  [/log/i, 'its log'],
];

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}

/** The local resources. Each test file draws secrets of its own, which end in a random id. */
const ours: readonly (readonly [RegExp, string])[] = [
  [/:cluster:strategy-snapshots$/, 'the database'],
  [/:secret:strategy-snapshots\/app-/, 'the app secret'],
  [/:secret:strategy-snapshots\/master-/, 'the master secret'],
  [/notify-AbCdEf/, 'the channels’ secret'],
  [/\/nightly-bots$/, 'the queue of the night'],
  [/\/mailings$/, 'the queue of the mailings'],
];
const ourName = (arn: string): string => ours.find(([pattern]) => pattern.test(arn))?.[1] ?? arn;

const prefixes: Readonly<Record<string, string>> = {
  'RDS Data': 'rds-data',
  SES: 'ses',
  'Secrets Manager': 'secretsmanager',
  SQS: 'sqs',
};

/** The permissions that a call needs, including those that AWS checks implicitly. */
function needed({ service, command, resources }: RecordedCall): string[] {
  const action = `${prefixes[service]}:${command.replace(/Command$/, '')}`;
  // SendMessageBatch has no permission of its own.
  if (service === 'SQS') return resources.map((queue) => `sqs:SendMessage on ${ourName(queue)}`);
  if (service === 'SES')
    return [`${action} on the mail identities`, ...resources.map(() => `${action} on the configuration set`)];
  const [first = '', ...more] = resources.map(ourName);
  // Only a failure rolls back.
  const rollback = command === 'BeginTransactionCommand' ? [`rds-data:RollbackTransaction on ${first}`] : [];
  // The Data API reads the secret with the permissions of its caller.
  return [`${action} on ${first}`, ...rollback, ...more.map((secret) => `secretsmanager:GetSecretValue on ${secret}`)];
}

/** Permissions that Lambda itself uses, which are not recorded: writing the log, sending to the dead-letter queue, and emptying a queue. */
const unseen = (entry: string): string[] => [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} on its log`),
  ...(/(nightly|daily|weekly|bot-reports|mail-events)\.ts$/.test(entry) ? ['sqs:SendMessage on its dead letters'] : []),
  ...[
    { queue: 'the queue of the night', emptiedBy: nightlyBots.entry },
    { queue: 'the queue of the mailings', emptiedBy: mailings.entry },
  ].flatMap(({ queue, emptiedBy }) =>
    entry === emptiedBy
      ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} on ${queue}`)
      : [],
  ),
];

describe.runIf(process.env.RECORDED_CALLS)(
  'the role of a function (tried when the whole suite runs, which records what is used)',
  () => {
    test.for(
      functions.map(({ Description, Role }) => [Description as string, Role['Fn::GetAtt'][0] as string] as const),
    )('%s allows exactly what the function did while the suite ran, and what AWS does in its name', ([entry, role]) => {
      const calls = recordedCalls().filter((call) => call.entry === entry);
      expect(calls, 'it ran').not.toEqual([]);
      expect([...new Set(allowed(role))].toSorted()).toEqual(
        [...new Set([...calls.flatMap(needed), ...unseen(entry)])].toSorted(),
      );
    });
  },
);
