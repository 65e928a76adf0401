import type { LambdaClient } from '@aws-sdk/client-lambda';
import { dailyReport, dailySummary } from '../../../functions/schedules.ts';
import { invoke } from '../../service/functions.ts';
import type { Outputs } from '../../service/outputs.ts';
import type { Checklist } from '../checklist.ts';

/** Fires the schedules as EventBridge Scheduler would now, but waits for the outcome. */
export async function checkSchedules(
  { check, skip }: Checklist,
  lambda: LambdaClient,
  { outputs, mail }: { readonly outputs: Outputs; readonly mail: boolean },
): Promise<void> {
  const { DailySummaryFunction, DailyReportFunction } = outputs;
  const checkRun = (schedule: string, name: string) =>
    check(
      `${schedule} is fired`,
      () => invoke(lambda, name, { schedule, at: new Date().toISOString() }),
      (result) => result,
    );

  await checkRun(dailySummary.name, DailySummaryFunction);
  const { name: report } = dailyReport(0);
  if (DailyReportFunction === undefined) skip(report, 'it is not deployed (the setting report_sender)');
  else if (mail) await checkRun(report, DailyReportFunction);
  else skip(report, 'it mails real recipients (--mail)');
}
