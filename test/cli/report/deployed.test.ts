import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { resendOnAws } from '../../../cli/report/deployed.ts';
import type { MailedReport } from '../../../cli/report/mailed-report.ts';
import { mockedClient } from '../../support/mocked-client.ts';

const cloudFormation = mockedClient(CloudFormationClient);
const lambda = mockedClient(LambdaClient);
const resend = (report: MailedReport) =>
  resendOnAws(report, { stack: 'strategy-snapshots-test-service', region: 'us-east-1' });

const outputs = {
  ApiUrl: 'https://api.example.com',
  DatabaseArn: 'arn',
  DatabaseName: 'strategies',
  DatabaseSecretArn: 'arn',
  DatabaseMasterSecretArn: 'arn',
  DailySummaryFunction: 'the-summary',
  DailySummaryFailuresUrl: 'https://sqs.example.com/summary',
};
const mailing = {
  DailyReportFunction: 'the-report',
  WeeklyReviewFunction: 'the-review',
  BotReportsFunction: 'the-lists',
};
const deployed = (given: Readonly<Record<string, string>>) =>
  cloudFormation.on(DescribeStacksCommand, { StackName: 'strategy-snapshots-test-service' }).resolves({
    Stacks: [
      {
        StackName: 'it',
        StackStatus: 'UPDATE_COMPLETE',
        CreationTime: new Date(0),
        Outputs: Object.entries(given).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
const payload = (answer: object) => ({ transformToString: () => JSON.stringify(answer) }) as never;

beforeEach(() => {
  deployed({ ...outputs, ...mailing });
});

describe('a resend on AWS', () => {
  test.each([
    ['daily', 'the-report', 'daily-report'],
    ['weekly', 'the-review', 'weekly-review'],
  ] as const)(
    'of a %s report invokes the function that mails it, and waits for what it did',
    async (kind, run, schedule) => {
      lambda.on(InvokeCommand, { FunctionName: run }).resolves({ Payload: payload({ date: '2026-11-22', sent: 2 }) });
      lambda
        .on(InvokeCommand, { FunctionName: 'the-lists' })
        .resolves({ Payload: payload({ mailings: 1, overdue: 0 }) });
      expect(await resend({ kind, date: '2026-11-22' })).toEqual({ sent: 2, mailings: 1 });
      const { FunctionName, InvocationType, Payload } = lambda.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
      expect({ FunctionName, InvocationType }).toEqual({ FunctionName: run, InvocationType: undefined });
      expect(JSON.parse(String(Payload))).toEqual({
        schedule,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        date: '2026-11-22',
        resend: true,
      });
    },
  );

  test('shows the reason of a failure', async () => {
    lambda
      .on(InvokeCommand)
      .resolves({ FunctionError: 'Unhandled', Payload: payload({ errorMessage: 'not known to have reached 1 of 2' }) });
    await expect(resend({ kind: 'daily', date: '2026-11-22' })).rejects.toThrow('1 of 2');
  });

  test('names the required settings when the function is not deployed', async () => {
    deployed(outputs);
    await expect(resend({ kind: 'weekly', date: '2026-11-22' })).rejects.toThrow(
      'strategy-snapshots-test-service mails no weekly review: see the settings report_sender and weekly_review',
    );
    expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
  });
});
