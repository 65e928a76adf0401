import * as z from 'zod';
import { channelsIn } from '../functions/report/channels/addresses.ts';
import { environment } from '../functions/runtime/environment.ts';
import { email, environmentSettings, number } from '../functions/settings.ts';

const port = number({ from: 0, to: 65_535 });

/** The settings of the service on this machine: environment variables, all optional. */
const Settings = z.object({
  ...environmentSettings,
  /** The API's port. */
  PORT: port.default(3000),
  /** The inbox's port, which is also the SES endpoint's. */
  INBOX_PORT: port.default(8005),
  /** An SMTP server that mails reports for real; the inbox keeps them too. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be smtp://user:password@host:port, or smtps://…' }).optional(),
  /** Addresses of channels: Telegram, Discord, Slack, webhooks. */
  NOTIFY_URLS: z.string().superRefine(canBeRead).default(''),
  /** Where PGlite keeps the database. */
  DATA_DIR: z.string().min(1).default('.local'),
  /** A real PostgreSQL server instead of PGlite. */
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://user:password@host:port/database' })
    .optional(),
  REPORT_SENDER: email.default('strategy-snapshots@example.com'),
  REPORT_RECIPIENTS: environmentSettings.REPORT_RECIPIENTS.unwrap().default(['owner@example.com']),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT']).default('INFO'),
});
export type LocalSettings = z.output<typeof Settings>;

/** Reports wrong addresses when the service starts, not when the first report is due. */
function canBeRead(addresses: string, context: z.RefinementCtx): void {
  try {
    channelsIn(addresses);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
}

/** @throws Error naming every variable that is wrong */
export const localSettings = (variables: NodeJS.ProcessEnv): LocalSettings => environment(Settings, variables);
