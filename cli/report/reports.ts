import type { Options } from './options.ts';

/** Mails a report again. @returns to how many it went */
export type Resend = (report: Repeated) => Promise<number>;

export type Question = Pick<Options, 'date' | 'kind' | 'bot' | 'format'>;
export type Repeated = Pick<Options, 'kind'> & { readonly date: string };

/** The schedule that mails reports of a kind. */
export const scheduleOf = (kind: Options['kind']): 'daily-report' | 'weekly-review' =>
  kind === 'daily' ? 'daily-report' : 'weekly-review';

/** Where `GET /report` has the answer. */
export function pathOf({ date, kind, bot, format = 'text' }: Question): string {
  const query = { kind, format, ...(date && { date }), ...(bot && { bot_id: bot }) };
  return `/report?${new URLSearchParams(query)}`;
}
