import { bodyOf } from '../service/refusal.ts';
import type { Send } from '../service/send.ts';
import { type Resend, scheduleOf } from './reports.ts';

/** Fires the schedule of the service that runs on this machine, as a person does. */
export function resendHere(send: Send): Resend {
  return async ({ kind, date }) => {
    const path = `/_local/schedules/${scheduleOf(kind)}?${new URLSearchParams({ date, resend: 'true' })}`;
    return (JSON.parse(await bodyOf(await send(path, {}))) as { sent: number }).sent;
  };
}
