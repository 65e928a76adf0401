import * as z from 'zod';
import { email, emails, number, timeZone, weekdayOrOff } from '../infra/setting-values.ts';

const port = number({ from: 0, to: 65_535 });

/** Names and defaults of what can be set on this machine; all of it is optional. */
const Settings = z.object({
  /** The API's port. */
  PORT: port.default(3000),
  /** The inbox's port, which is also the SES endpoint's. */
  INBOX_PORT: port.default(8005),
  /** Where PGlite keeps the database. */
  DATA_DIR: z.string().min(1).default('.local'),
  /** A real PostgreSQL server instead of PGlite. */
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://user:password@host:port/database' })
    .optional(),
  /** Where a trading day begins and ends. */
  TRADING_TIME_ZONE: timeZone.default('UTC'),
  /** At which hour of that zone the report is mailed. */
  REPORT_HOUR: number({ from: 0, to: 23 }).default(7),
  /** On which day the week is reviewed, at the same hour; or off. */
  WEEKLY_REVIEW: weekdayOrOff.default('monday'),
  REPORT_SENDER: email.default('strategy-snapshots@example.com'),
  REPORT_RECIPIENTS: emails.default(['owner@example.com']),
  /** Who gets the answers; by default the sender. */
  REPORT_REPLY_TO: email.optional(),
  /** What a strategy is held to; see infra/settings.ts. */
  TARGET_WIN_RATE: number({ from: 0, to: 100, step: 0.1 }).default(25),
  TARGET_PROFIT_FACTOR: number({ from: 0, to: 100, step: 0.01 }).default(1.5),
  TARGET_EXPECTANCY_USD: number({ from: 0, to: 1_000_000, step: 0.001 }).default(0.1),
  TARGET_FAST_EXIT_RATE: number({ from: 0, to: 100, step: 0.1 }).default(5),
  MATERIAL_USD: number({ from: 0, to: 1_000_000, step: 0.001 }).default(0.05),
  /** Sources of orders that never link, separated by commas; see infra/settings.ts. */
  NEVER_LINKING_SOURCES: z.string().default(''),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT']).default('INFO'),
});
export type LocalSettings = z.output<typeof Settings>;

/** @throws Error naming every variable that is wrong */
export function localSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  const parsed = Settings.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  );
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}
