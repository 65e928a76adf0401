import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { BotCallers } from '../functions/access/callers.ts';
import { email, fromText, number, sharedSettings } from '../functions/settings.ts';

const flag = z.preprocess(fromText, z.boolean('must be true or false'));

/** A value from a command line is text. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** All periods except INFINITE: every log expires. */
const retentionDays = z.preprocess(
  fromText,
  z
    .enum(RetentionDays)
    .exclude(['INFINITE'], 'must be a period that CloudWatch supports: 1, 3, 5, 7, 14, 30, 60, 90, 365, …'),
);

/** A whole ARN, or none. @param resource a regular expression */
const arn = (service: string, resource: string, example: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`), `must be a whole ARN: ${example}`)
    .nullable()
    .default(null);
const SECRET = String.raw`secret:[\w/+=.@!-]+-[A-Za-z0-9]{6}`;

/**
 * The settings of a deployment. A setting is CDK context: an entry under `context` in cdk.json, which is permanent, or
 * `-c name=value` for one command. All have defaults, so that `npx cdk synth` works without any.
 */
const settings = {
  /** Part of the stack names, so that one account can have several stages. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 lower-case letters, digits and hyphens, a letter first')
    .default('dev'),

  /** Settings shared with local runs: trading days, reports, targets. Reports are mailed only if `report_sender` is set, an address that SES
   *  has verified itself or by a domain, which may be one above its own; `report_recipients` defaults to the sender. */
  ...sharedSettings,

  /** The ARN of a secret with the addresses of channels (Telegram, Discord, Slack, webhooks), separated by spaces. The whole ARN, with its six
   *  last characters, so that the functions may read that secret only. Encrypted with the key `aws/secretsmanager`. */
  notify_secret_arn: arn('secretsmanager', SECRET, 'arn:aws:secretsmanager:…:secret:name-AbCdEf'),

  /** Which bots a signer may use: an object of IAM roles and users (ARNs) with the ids of their bots; `["{session}"]`: the bot that the role's
   *  session is named after. Who has no entry, such as an owner, may use all bots. On a command line it is JSON. */
  bot_callers: z.preprocess(asJson, BotCallers).default({}),

  /** The recipient of alarms and of budget notices. Without it, alarms are only in the console, and there are no notices. */
  alarm_email: email.nullable().default(null),

  /** Monthly cost of the account, in USD, above which alarm_email gets a notice. */
  monthly_budget_usd: number({ from: 1, to: 1_000_000 }).default(50),

  /** Most concurrent invocations of each function. Off by default, since accounts with a limit of 10 cannot reserve any. Queues are emptied by
   *  at least two. */
  reserved_concurrency: number({ from: 2, to: 1_000 }).nullable().default(null),

  /** Aurora capacity units, of 2 GiB each. With a minimum of 0, the database pauses after 5 idle minutes. */
  min_capacity_acu: number({ from: 0, to: 256, step: 0.5 }).default(0),
  max_capacity_acu: number({ from: 1, to: 256, step: 0.5 }).default(2),

  /** Days for which the database can be restored to any second. */
  backup_retention_days: number({ from: 1, to: 35 }).default(7),

  /** Another cluster for the service, such as one that `strategy restore-drill --keep` restored, with the secret of its master user. The
   *  stage's own cluster stays as it is. */
  database_arn: arn('rds', 'cluster:[a-z][a-z0-9-]*', 'arn:aws:rds:…:cluster:name'),
  master_secret_arn: arn('secretsmanager', SECRET, 'arn:aws:secretsmanager:…:secret:rds!cluster-…'),

  /** The snapshot that the stage's own cluster is created from. It must stay set: without it, or with another one, the next deployment
   *  replaces the cluster. */
  snapshot_arn: arn('rds', String.raw`cluster-snapshot:[\w:-]+`, 'arn:aws:rds:…:cluster-snapshot:name'),

  /** Whether to protect the database and its stack from deletion. */
  deletion_protection: flag.default(true),

  /** Retention of every log. */
  log_retention_days: retentionDays.default(RetentionDays.ONE_MONTH),
  log_level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR').default('INFO'),

  /** Requests per second, sustained and in bursts. Beyond them the API answers 429. */
  throttle_rate: number({ from: 1, to: 10_000 }).default(50),
  throttle_burst: number({ from: 1, to: 5_000 }).default(100),
};

/** Runs checks of two settings even when others are invalid, so that all problems are reported at once. */
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
  })
  .refine((all) => (all.database_arn === null) === (all.master_secret_arn === null), {
    ...always,
    path: ['database_arn'],
    error: 'must be set together with master_secret_arn',
  });

export type Settings = z.output<typeof Settings>;

export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
}

/** Reads the settings from the CDK context. @throws WrongSettings, whose message has one line per problem */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.entries(context).filter(([name]) => !belongsToCdk(name));
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new WrongSettings(parsed.error.issues.flatMap(problems).join('\n'));
}

/** Whether an entry of the context is not a setting: CDK's feature flags and lookups have a colon or a slash in their names. */
function belongsToCdk(name: string): boolean {
  return /[:/]/.test(name);
}

function problems(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => `${name}: is not a setting`);
  return [`${issue.path.join('.')}: ${issue.message}`];
}
