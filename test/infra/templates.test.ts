import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsTools } from '../support/python-tools.ts';
import { buildStacks } from './built-stacks.ts';
import { fitForMoto, startMoto } from './moto.ts';

const run = promisify(execFile);
const python = String(awsTools.python);
const cfnLint = join(awsTools.environment, 'bin', 'cfn-lint');

const everything = {
  report_sender: 'reports@mail.example.com',
  alarm_email: 'ops@example.com',
  notify_secret_arn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:notify-AbCdEf',
};
const restored = { snapshot_arn: 'arn:aws:rds:us-east-1:123456789012:cluster-snapshot:last' };

/** Rules whose findings are no faults, each with the reason. */
const explained = {
  W3005: 'CDK orders resources explicitly, also where a reference does so already',
};

describe.skipIf(!awsTools.python)(
  `the templates${awsTools.python ? '' : ' (skipped: npm run python-tools has not been run)'}`,
  () => {
    test('pass cfn-lint in three regions, without settings, with all, and restored', async () => {
      const templates = [{}, everything, restored].flatMap((settings) => {
        const { directory, stacks } = buildStacks({ stage: 'test', ...settings }).app.synth();
        return stacks.map(({ templateFile }) => join(directory, templateFile));
      });
      const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];
      const options = ['--regions', ...regions, '--ignore-checks', ...Object.keys(explained), '--format', 'json'];
      // It fails where it finds something.
      const { stdout } = await run(cfnLint, [...options, '--', ...templates]).catch((error) => error);
      const findings = JSON.parse(stdout).map(
        (each: { Filename: string; Rule: { Id: string }; Message: string }) =>
          `${each.Rule.Id} ${each.Message} (${each.Filename})`,
      );
      expect(findings).toEqual([]);
    });

    describe('deployed by cdk, on moto instead of AWS', () => {
      let directory: string;
      let moto: Awaited<ReturnType<typeof startMoto>>;
      const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' };
      const settings = {
        report_sender: 'reports@example.com',
        alarm_email: 'ops@example.com',
        deletion_protection: 'false',
      };
      const cdk = async (...args: string[]) => {
        const environment = {
          ...{ AWS_ENDPOINT_URL: moto.url, AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' },
          ...{ AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto', CI: 'true' },
        };
        await run('cdk', args, { env: { ...process.env, ...environment } });
      };
      const client = () => ({ endpoint: moto.url, region: 'us-east-1', credentials });

      beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-moto-'));
        moto = await startMoto(python);
        const context = Object.entries({ ...settings, stage: 'test' }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]);
        await run('cdk', ['synth', '--quiet', ...context, '-o', directory]);
        await fitForMoto(directory, 'Data');
        await fitForMoto(directory, 'Service');
        await cdk('bootstrap', 'aws://123456789012/us-east-1', '-a', directory);
        await cdk('deploy', '--all', '--require-approval', 'never', '-a', directory);
      }, 240_000);

      afterAll(async () => {
        moto?.stop();
        await rm(directory, { recursive: true, force: true });
      });

      test('completes the bootstrap and both stacks', async () => {
        const { Stacks = [] } = await new CloudFormationClient(client()).send(new DescribeStacksCommand({}));
        expect(Stacks.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`).sort()).toEqual([
          'CDKToolkit CREATE_COMPLETE',
          'strategy-snapshots-test-data CREATE_COMPLETE',
          'strategy-snapshots-test-service CREATE_COMPLETE',
        ]);
      });

      // moto’s CloudFormation knows no alarms, subscriptions, schedules, budgets and HTTP APIs.
      test('creates each function with its name, each queue, and the topic of the alarms', async () => {
        const template = Template.fromStack(buildStacks({ ...settings, stage: 'test' }).service);
        const count = (type: string) => Object.keys(template.findResources(type)).length;
        const { Functions = [] } = await new LambdaClient(client()).send(new ListFunctionsCommand({}));
        const expected = Object.values(template.findResources('AWS::Lambda::Function'));
        const named = expected.flatMap(({ Properties }) => Properties.FunctionName ?? []);
        expect(named.length).toBeGreaterThan(10);
        expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual(expect.arrayContaining(named));
        const { QueueUrls = [] } = await new SQSClient(client()).send(new ListQueuesCommand({}));
        expect(QueueUrls).toHaveLength(count('AWS::SQS::Queue'));
        const { Topics = [] } = await new SNSClient(client()).send(new ListTopicsCommand({}));
        expect(Topics).toHaveLength(count('AWS::SNS::Topic'));
      });
    });
  },
);
