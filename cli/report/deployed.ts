import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Outputs, readStack } from '../service/outputs.ts';
import { type Resend, scheduleOf } from './reports.ts';

/** Nothing answers later: a scheduled function has 14 minutes. */
const requestHandler = { requestTimeout: 15 * 60_000 };

/** Invokes the function of the service in this stack that mails reports. */
export function resendOnAws(stack: string, region: string | undefined): Resend {
  return async ({ kind, date }) => {
    const { outputs } = await readStack(new CloudFormationClient({ region }), stack);
    const run = functionOf(kind, outputs);
    if (run === undefined)
      throw new Error(
        `${stack} mails no ${scheduleOf(kind).replace('-', ' ')}: see the settings report_sender and weekly_review`,
      );
    // One attempt: a second one would not see how the first ended.
    const lambda = new LambdaClient({ region, maxAttempts: 1, requestHandler });
    return invoke(lambda, run, { schedule: scheduleOf(kind), at: new Date().toISOString(), date, resend: true });
  };
}

const functionOf = (kind: 'daily' | 'weekly', { DailyReportFunction, WeeklyReviewFunction }: Outputs) =>
  kind === 'daily' ? DailyReportFunction : WeeklyReviewFunction;

async function invoke(lambda: LambdaClient, run: string, event: object): Promise<number> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: run, Payload: JSON.stringify(event) }),
  );
  const answer = JSON.parse(Payload?.transformToString() || '{}');
  if (FunctionError) throw new Error(answer.errorMessage ?? `${run} failed`);
  return answer.sent;
}
