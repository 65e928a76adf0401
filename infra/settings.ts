import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { email, fromText, number, sharedSettings } from '../functions/settings.ts';

const flag = z.preprocess(fromText, z.boolean('must be true or false'));

/** Without the value "for ever": every log ends. */
const retentionDays = z.preprocess(
  fromText,
  z
    .enum(RetentionDays)
    .exclude(['INFINITE'], 'must be a period that CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90, 365, …'),
);

/**
 * What a deployment may choose. A setting is CDK context: an entry under `context` in cdk.json, which stays, or
 * `-c name=value` for one command. All have defaults, so that `npx cdk synth` works without any.
 */
const settings = {
  /** Part of the stacks' names: several stages can live side by side in one account. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 lower-case letters, digits and hyphens, a letter first')
    .default('dev'),

  /** Those that a local run has too: trading days, reports, targets. Without `report_sender`, an address that SES has verified itself or
   *  by its domain, no report is mailed; `report_recipients` are by default the sender. */
  ...sharedSettings,

  /** Who gets alarms, and a notice when the month costs more than planned. Without it nobody does. */
  alarm_email: email.nullable().default(null),

  /** USD: what the account may cost per month before alarm_email gets a notice. */
  monthly_budget_usd: number({ from: 1, to: 1_000_000 }).default(50),

  /** How many invocations of each function may run at once. Accounts with a limit of 10 cannot reserve any: off by default. */
  reserved_concurrency: number({ from: 1, to: 1_000 }).nullable().default(null),

  /** Aurora capacity units, of 2 GiB each. A database that may go down to 0 pauses after 5 idle minutes. */
  min_capacity_acu: number({ from: 0, to: 256, step: 0.5 }).default(0),
  max_capacity_acu: number({ from: 1, to: 256, step: 0.5 }).default(2),

  /** How far back the database can be restored, to the second. */
  backup_retention_days: number({ from: 1, to: 35 }).default(7),

  /** While it is true, neither the database nor its stack can be deleted. */
  deletion_protection: flag.default(true),

  /** Of every log. */
  log_retention_days: retentionDays.default(RetentionDays.ONE_MONTH),
  log_level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR').default('INFO'),

  /** Requests a second, in the long run and at once. Above them the API answers 429. */
  throttle_rate: number({ from: 1, to: 10_000 }).default(50),
  throttle_burst: number({ from: 1, to: 5_000 }).default(100),
};

/** A check of two settings runs even when others are wrong, so that all problems are reported at once. */
const always = { when: () => true };

const Settings = z
  .strictObject(settings)
  .readonly()
  .refine((all) => !(all.min_capacity_acu > all.max_capacity_acu), {
    ...always,
    path: ['min_capacity_acu'],
    error: 'must not be above max_capacity_acu',
  })
  .refine((all) => !(all.report_sender === null && all.report_recipients?.length > 0), {
    ...always,
    path: ['report_sender'],
    error: 'must be set when report_recipients is',
  })
  .refine((all) => !(all.report_sender === null && all.report_reply_to), {
    ...always,
    path: ['report_sender'],
    error: 'must be set when report_reply_to is',
  });

export type Settings = z.output<typeof Settings>;

export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
}

/** @throws WrongSettings, whose message has one line for each problem. */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.entries(context).filter(([name]) => !belongsToCdk(name));
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new WrongSettings(parsed.error.issues.flatMap(problems).join('\n'));
}

/** Feature flags and look-ups have a colon or a slash in their names, settings never do. */
function belongsToCdk(name: string): boolean {
  return /[:/]/.test(name);
}

function problems(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => `${name}: is not a setting`);
  return [`${issue.path.join('.')}: ${issue.message}`];
}
