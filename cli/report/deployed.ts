import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { invoke, lambdaIn } from '../service/functions.ts';
import { readStack } from '../service/outputs.ts';
import { type MailedReport, type Resent, scheduleOf } from './mailed-report.ts';

/** Invokes the function of a deployed service that mails reports of this kind. */
export async function resendOnAws(
  { kind, date }: MailedReport,
  { stack, region }: { readonly stack: string; readonly region: string | undefined },
): Promise<Resent> {
  const { outputs } = await readStack(new CloudFormationClient({ region }), stack);
  const schedule = scheduleOf(kind);
  const name = kind === 'daily' ? outputs.DailyReportFunction : outputs.WeeklyReviewFunction;
  if (name === undefined)
    throw new Error(
      `${stack} mails no ${schedule.replace('-', ' ')}: see the settings report_sender and weekly_review`,
    );
  const by = { at: new Date().toISOString(), date, resend: true };
  const run = async (name: string, event: object) => JSON.parse(await invoke(lambdaIn(region), name, event));
  const { sent } = await run(name, { schedule, ...by });
  const { BotReportsFunction } = outputs;
  const { mailings } = BotReportsFunction
    ? await run(BotReportsFunction, { schedule: 'bot-reports', kind, ...by })
    : { mailings: 0 };
  return { sent, mailings };
}
