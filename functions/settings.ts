import * as z from 'zod';
import { timeZone } from './contract/fields.ts';
import { weekdays } from './schedules.ts';
import { thresholds } from './thresholds.ts';

/** Settings that deployments and local runs share, by their names in the CDK context; as environment variables the names are in upper
 *  case. All have defaults. */

/** Converts text from a command line to a boolean or a number; cdk.json may already contain those. */
export function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step?: number;
}

export function number({ from, to, step = 1 }: Range) {
  const message = `must be a number from ${from} to ${to}, in steps of ${step}`;
  return z.preprocess(fromText, z.number(message).min(from, message).max(to, message).multipleOf(step, message));
}

export const email = z.email('must be an email address');

const separated = <Item extends z.ZodType>(items: z.ZodArray<Item>) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : value,
    items,
  );

const { targets } = thresholds;

export const sharedSettings = {
  /** The time zone of trading days. Changing it recomputes every day. */
  trading_time_zone: timeZone.default('UTC'),

  /** The hour at which the daily report is mailed, in the trading time zone. */
  report_hour: number({ from: 0, to: 23 }).default(7),

  /** The day on which the review of the past week is mailed, at the same hour; or off. */
  weekly_review: z.enum([...weekdays, 'off'], 'must be a day of the week, such as monday, or off').default('monday'),

  /** The From address of reports. */
  report_sender: email.nullable().default(null),

  /** The recipients of reports: addresses separated by commas. */
  report_recipients: separated(
    z.array(z.email('must be email addresses, separated by commas'), 'must be email addresses'),
  ).default([]),

  /** The address for replies. Default: the sender. */
  report_reply_to: email.nullable().default(null),

  /** The address of the page that reports link to. Without one they link to nothing. */
  dashboard_url: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://trading.example.com' })
    .transform((url) => url.replace(/[/#?]+$/, ''))
    .nullable()
    .default(null),

  /** Targets of a strategy: at least this percentage of trades won, profit factor and USD per trade, and at most this percentage of fast
   *  exits. */
  target_win_rate: number({ from: 0, to: 100, step: 0.1 }).default(targets.win_rate),
  target_profit_factor: number({ from: 0, to: 100, step: 0.01 }).default(targets.profit_factor),
  target_expectancy_usd: number({ from: 0, to: 1_000_000, step: 0.001 }).default(targets.expectancy_usd),
  target_fast_exit_rate: number({ from: 0, to: 100, step: 0.1 }).default(targets.fast_exit_rate),

  /** The smallest difference that matters, in USD per trade. */
  material_usd: number({ from: 0, to: 1_000_000, step: 0.001 }).default(thresholds.material_usd),

  /** Sources of orders that never link, such as an exchange's bracket orders, separated by commas. The alarm on link rates ignores them. */
  never_linking_sources: separated(
    z.array(z.string().regex(/^[^,]{1,100}$/), 'must be names, separated by commas'),
  ).default([]),
};

type Shared = typeof sharedSettings;

/** The same settings as environment variables. */
export type EnvironmentSettings = { readonly [Name in keyof Shared & string as Uppercase<Name>]: Shared[Name] };
export const environmentSettings = Object.fromEntries(
  Object.entries(sharedSettings).map(([name, schema]) => [name.toUpperCase(), schema]),
) as EnvironmentSettings;
