import * as z from 'zod';
import { weekdays } from './schedules.ts';
import { thresholds } from './thresholds.ts';

/** Settings that a deployment and this machine share, by the names that they have as CDK context; as environment variables the names
 *  are in capitals. All have defaults. */

/** A command line gives text; cdk.json may also hold numbers, booleans and arrays. */
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

export const email = z.email('must be an e-mail address');

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

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone, such as UTC or Europe/Berlin');

/** Intl also takes offsets and any case; EventBridge Scheduler and PostgreSQL want the name as IANA writes it. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const { targets } = thresholds;

export const sharedSettings = {
  /** Whose calendar days are the trading days. Changing it recomputes every day. */
  trading_time_zone: timeZone.default('UTC'),

  /** When the daily report is mailed: the hour in the trading time zone. */
  report_hour: number({ from: 0, to: 23 }).default(7),

  /** The day on which the week before it is reviewed, at the same hour; or off. */
  weekly_review: z.enum([...weekdays, 'off'], 'must be a day of the week, such as monday, or off').default('monday'),

  /** The report's From address. */
  report_sender: email.nullable().default(null),

  /** Who gets the report: addresses separated by commas. */
  report_recipients: separated(
    z.array(z.email('must be e-mail addresses, separated by commas'), 'must be e-mail addresses'),
  ).default([]),

  /** Who gets what recipients answer. Default: the sender. */
  report_reply_to: email.nullable().default(null),

  /** What a strategy should reach: percent of trades won, profit factor, USD per trade, and less than this percentage of fast exits. */
  target_win_rate: number({ from: 0, to: 100, step: 0.1 }).default(targets.win_rate),
  target_profit_factor: number({ from: 0, to: 100, step: 0.01 }).default(targets.profit_factor),
  target_expectancy_usd: number({ from: 0, to: 1_000_000, step: 0.001 }).default(targets.expectancy_usd),
  target_fast_exit_rate: number({ from: 0, to: 100, step: 0.1 }).default(targets.fast_exit_rate),

  /** A difference per trade, in USD, that does not matter. */
  material_usd: number({ from: 0, to: 1_000_000, step: 0.001 }).default(thresholds.material_usd),

  /** Sources of orders that never link, such as an exchange's own bracket orders, separated by commas: no alarm counts them. */
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
