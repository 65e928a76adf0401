import type { Options } from './options.ts';

/** The reports of a service, wherever it runs. */
export interface Reports {
  /** @returns the report as text, as a page or as JSON */
  readonly show: (question: Question) => Promise<string>;
  /** Mails a report again. @returns to how many it went */
  readonly resend: (report: Repeated) => Promise<number>;
}

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

/** @throws Error with the service's own words when it refused */
export async function bodyOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(refusalOf(text) ?? `${response.url} answered ${response.status}`);
}

function refusalOf(body: string): string | null {
  try {
    const { detail, title, message } = JSON.parse(body);
    return detail ?? title ?? message ?? null;
  } catch {
    return null;
  }
}
