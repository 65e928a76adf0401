import { randomUUID } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import type { SendResult } from '../../runtime/mailer.ts';
import type { MailingList } from '../lists/list.ts';
import * as store from './store.ts';

/** Sends what was composed for one recipient. */
type Send = () => Promise<SendResult>;

interface Sending {
  readonly kind: 'daily' | 'weekly';
  /** The last trading day of the report. */
  readonly date: string;
  /** Of mail addresses, or ids of channels. */
  readonly list: MailingList;
  /** The bots in it. */
  readonly bots: readonly string[];
  /** Whether to send again to recipients who may not have received it. */
  readonly resend: boolean;
}

export interface Served {
  /** Number of recipients served by this call. */
  readonly sent: number;
  /** Number of recipients, served or not. */
  readonly recipients: number;
  /** Recipients who may not have been served, in this call or an earlier one. */
  readonly missed: readonly string[];
}

/** Sends a report to each recipient of a list at most once, even with concurrent or repeated calls: each send is claimed in the database first. A
 *  recipient that refuses does not affect the others. A claim has an owner and a lease: what another run is sending now is left to it.
 *  @param prepare called only when there is a recipient to serve; composes what each gets */
export async function sendClaimed(
  database: Database,
  { kind, date, list: { id: list_id, recipients }, bots, resend }: Sending,
  prepare: () => Promise<(recipient: string) => Promise<Send>>,
): Promise<Served> {
  const owner = randomUUID();
  /** The recipients who were not sent the report, without those that another run is serving if `others` are left out. */
  const notServed = async ({ others }: { others: 'included' | 'left out' }) => {
    const served = await store.served(database, { kind, date, list_id, bots });
    const isServed = (recipient: string) =>
      served.some((each) => each.recipient === recipient && (others === 'left out' || each.status === 'sent'));
    return recipients.filter((recipient) => !isServed(recipient));
  };
  const due = await notServed({ others: 'included' });
  if (due.length === 0) return { sent: 0, recipients: recipients.length, missed: [] };
  const compose = await prepare();
  let sent = 0;
  for (const recipient of due) {
    const delivery = { kind, date, list_id, recipient, owner, bots };
    // Composed before the claim, so that a failure to compose leaves no claim behind.
    const send = await compose(recipient);
    if (!(await store.claim(database, delivery, resend))) continue;
    const result = await send();
    await store.recordResult(database, delivery, result);
    if (result.status === 'sent') sent += 1;
  }
  const missed = await notServed({ others: resend ? 'included' : 'left out' });
  return { sent, recipients: recipients.length, missed };
}
