import { bodyOf } from './refusal.ts';
import type { Send } from './send.ts';

type Schedule = 'daily-summary' | 'daily-report' | 'weekly-review' | 'bot-reports';

/** Fires a schedule of the service on this machine, as EventBridge Scheduler would. @returns what the run answered
 *  @throws Error when the run failed */
export async function fireSchedule(
  send: Send,
  schedule: Schedule,
  query: Readonly<Record<string, string>>,
): Promise<{ readonly sent?: number; readonly mailings?: number }> {
  const response = await send(`/_local/schedules/${schedule}?${new URLSearchParams(query)}`, {});
  try {
    return JSON.parse(await bodyOf(response));
  } catch (error) {
    throw new Error(`${schedule} failed`, { cause: error });
  }
}
