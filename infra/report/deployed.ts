import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Outputs, readStack } from '../smoke/outputs.ts';
import { signedFetch } from '../smoke/signed-fetch.ts';
import { bodyOf, pathOf, type Reports, scheduleOf } from './reports.ts';

/** Nothing answers later: a scheduled function has 14 minutes. */
const requestHandler = { requestTimeout: 15 * 60_000 };

/** The reports of a service that is deployed under this stage. */
export function deployedReports(stage: string, region: string | undefined): Reports {
  const cloudFormation = new CloudFormationClient({ region });
  const stack = `strategy-snapshots-${stage}-service`;
  const outputs = async () => (await readStack(cloudFormation, stack)).outputs;
  return {
    async show(question) {
      const get = signedFetch(cloudFormation.config, 'execute-api');
      return bodyOf(await get(`${(await outputs()).ApiUrl}${pathOf(question)}`));
    },
    async resend({ kind, date }) {
      const run = functionOf(kind, await outputs());
      if (run === undefined)
        throw new Error(
          `${stack} mails no ${scheduleOf(kind).replace('-', ' ')}: see the settings report_sender and weekly_review`,
        );
      // One attempt: a second one would not see how the first ended.
      const lambda = new LambdaClient({ region, maxAttempts: 1, requestHandler });
      return invoke(lambda, run, { schedule: scheduleOf(kind), at: new Date().toISOString(), date, resend: true });
    },
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
