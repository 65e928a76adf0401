import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { weekdays } from '../functions/schedules.ts';

/** The command line gives text (`-c name=value`); cdk.json may also hold numbers, booleans and arrays. */
function fromText(value: unknown): unknown {
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

export const flag = z.preprocess(fromText, z.boolean('must be true or false'));

export const email = z.email('must be an e-mail address');

export const emails = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(z.email('must be e-mail addresses, separated by commas'), 'must be e-mail addresses'),
);

/** On which day of the week, if at all. */
export const weekdayOrOff = z.enum([...weekdays, 'off'], 'must be a day of the week, such as monday, or off');

export const names = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : value,
  z.array(z.string().regex(/^[^,]{1,100}$/), 'must be names, separated by commas'),
);

/** Without the value "for ever": every log ends. */
export const retentionDays = z.preprocess(
  fromText,
  z
    .enum(RetentionDays)
    .exclude(['INFINITE'], 'must be a period that CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90, 365, …'),
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
