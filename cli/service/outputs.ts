import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';

/** The outputs of `infra/stacks/service.ts`. A deployment without a sender has no daily report and no weekly review. */
const Outputs = z.object({
  ApiUrl: z.url(),
  DatabaseArn: z.string(),
  DatabaseName: z.string(),
  DatabaseSecretArn: z.string(),
  DatabaseMasterSecretArn: z.string(),
  DailySummaryFunction: z.string(),
  DailySummaryFailuresUrl: z.url(),
  NightlyBotsFailuresUrl: z.url().optional(),
  BotReportsFunction: z.string().optional(),
  BotReportsFailuresUrl: z.url().optional(),
  MailingsFailuresUrl: z.url().optional(),
  DailyReportFunction: z.string().optional(),
  DailyReportFailuresUrl: z.url().optional(),
  WeeklyReviewFunction: z.string().optional(),
  WeeklyReviewFailuresUrl: z.url().optional(),
  MailEventsFailuresUrl: z.url().optional(),
});
export type Outputs = z.output<typeof Outputs>;

export interface DeployedStack {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: Outputs;
}

/** @throws Error when there is no such stack, or it is not a stack of this service */
export async function readStack(cloudFormation: CloudFormationClient, name: string): Promise<DeployedStack> {
  const stack = await describe(cloudFormation, name);
  const given = stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [];
  const parsed = Outputs.safeParse(Object.fromEntries(given));
  if (parsed.success) return { status: stack?.StackStatus ?? 'unknown', outputs: parsed.data };
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(
    `the stack ${name} (${stack?.StackStatus}) is not a stack of this service: it has no output ${missing}`,
  );
}

async function describe(cloudFormation: CloudFormationClient, name: string) {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (error) {
    if (!(error instanceof Error && /does not exist/.test(error.message))) throw error;
    throw new Error(`there is no stack ${name} in ${await cloudFormation.config.region()}: deploy it (npm run deploy)`);
  }
}
