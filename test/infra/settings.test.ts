import { expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';

test('every setting has a default', () => {
  expect(readSettings({})).toMatchObject({
    stage: 'dev',
    trading_time_zone: 'UTC',
    report_hour: 7,
    weekly_review: 'monday',
    report_sender: null,
    report_reply_to: null,
    min_capacity_acu: 0,
    deletion_protection: true,
    log_retention_days: 30,
  });
});

test('settings mean the same as text on the command line and as values in cdk.json', () => {
  const text = {
    report_sender: 'bot@example.com',
    report_recipients: 'ann@example.com, bob@example.com',
    min_capacity_acu: '0.5',
    deletion_protection: 'false',
    log_retention_days: '7',
  };
  const values = {
    ...text,
    report_recipients: ['ann@example.com', 'bob@example.com'],
    min_capacity_acu: 0.5,
    deletion_protection: false,
    log_retention_days: 7,
  };
  expect(readSettings(text)).toEqual(readSettings(values));
});

test.for([
  ['stage', 'Production'],
  ['trading_time_zone', 'Mars/Olympus'],
  ['trading_time_zone', '+02:00'],
  ['trading_time_zone', 'europe/berlin'],
  ['report_hour', '24'],
  ['report_hour', '7.5'],
  ['weekly_review', 'daily'],
  ['weekly_review', 'Monday'],
  ['report_sender', 'bot'],
  ['report_reply_to', 'the owner'],
  ['report_recipients', 'ann@example.com; bob@example.com'],
  ['alarm_email', ''],
  ['notify_secret_arn', 'reports/channels'],
  ['notify_secret_arn', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:reports'],
  ['database_arn', 'strategy-restore-1'],
  ['database_arn', 'arn:aws:rds:eu-central-1:123456789012:db:strategy-restore-1'],
  ['master_secret_arn', 'rds!cluster-1'],
  ['snapshot_arn', 'arn:aws:rds:eu-central-1:123456789012:snapshot:last'],
  ['min_capacity_acu', '0.3'],
  ['min_capacity_acu', '3'],
  ['max_capacity_acu', '257'],
  ['backup_retention_days', '0'],
  ['deletion_protection', 'no'],
  ['bot_callers', 'scalper'],
  ['bot_callers', '{"scalper": ["scalper"]}'],
  ['bot_callers', { 'arn:aws:iam::000000000000:role/scalper': [] }],
  ['log_retention_days', '31'],
  ['log_retention_days', '9999'],
  ['log_level', 'verbose'],
  ['throttle_rate', '0'],
  ['throttle_burst', 'many'],
  ['report_sendr', 'bot@example.com'],
] as const)('%s cannot be "%s", and the message says which setting is wrong', ([name, value]) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}\\b.*: \\S`, 'm'));
});

test('all problems are reported at once', () => {
  const wrong = { stage: 'Production', min_capacity_acu: 4, report_recipients: 'ann@example.com', colour: 'red' };
  expect(() => readSettings(wrong)).toThrow(
    /^stage: .*\n^colour: is not a setting\n^min_capacity_acu: .*max_capacity_acu\n^report_sender: .*report_recipients/m,
  );
});

test.for(['report_recipients', 'report_reply_to'])('%s requires report_sender', (name) => {
  expect(() => readSettings({ [name]: 'ann@example.com' })).toThrow(`report_sender: must be set when ${name} is`);
});

test.for([
  ['database_arn', 'arn:aws:rds:eu-central-1:123456789012:cluster:strategy-restore-1'],
  ['master_secret_arn', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf'],
] as const)('%s is no setting alone', ([name, arn]) => {
  expect(() => readSettings({ [name]: arn })).toThrow('database_arn: must be set together with master_secret_arn');
});

test('CDK’s own entries in the context are not settings', () => {
  expect(readSettings({ '@aws-cdk/aws-iam:minimizePolicies': true, 'aws:cdk:bundling-stacks': [] })).toEqual(
    readSettings({}),
  );
});
