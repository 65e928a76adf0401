import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { dailyReport, dailySummary } from '../../../functions/schedules.ts';
import type { Outputs } from '../../service/outputs.ts';
import type { Checklist } from '../checklist.ts';

interface Firing {
  readonly schedule: string;
  readonly run: string;
}

/** Fires the schedules as EventBridge Scheduler would now, but waits for the outcome. */
export async function checkSchedules(
  { check, leaveOut }: Checklist,
  lambda: LambdaClient,
  { outputs, mail }: { readonly outputs: Outputs; readonly mail: boolean },
): Promise<void> {
  const { DailySummaryFunction: summary, DailyReportFunction: report } = outputs;
  const checkFiring = (firing: Firing) => check(`${firing.schedule} is fired`, () => fire(lambda, firing), String);

  await checkFiring({ schedule: dailySummary.name, run: summary });
  const { name: schedule } = dailyReport(0);
  if (report === undefined) leaveOut(schedule, 'since it is not deployed (the setting report_sender)');
  else if (mail) await checkFiring({ schedule, run: report });
  else leaveOut(schedule, 'since it mails real people (--mail)');
}

/** @returns what the function answered, as JSON */
async function fire(lambda: LambdaClient, { schedule, run }: Firing): Promise<string> {
  const event = { schedule, at: new Date().toISOString() };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: run, Payload: JSON.stringify(event) }),
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${run} failed: ${answer}`);
  return answer;
}
