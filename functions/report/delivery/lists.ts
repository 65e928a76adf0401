import type { Database } from '../../database/database.ts';
import { sendMessages } from '../../runtime/queue.ts';
import type { MailingList } from '../window.ts';
import * as store from './store.ts';

/** The list of the recipients of the deployment. */
export const deploymentList = (recipients: readonly string[]): MailingList => ({ id: '', recipients });

/** A report that is due to the recipients of some bots: a message of the queue. */
export interface Mailing {
  readonly kind: 'daily' | 'weekly';
  readonly list_id: string;
  /** When it is mailed. */
  readonly due: string;
  /** The trading day; by default the last one completed when it is due. */
  readonly date?: string | undefined;
  readonly resend: boolean;
}

/** Most lists that are read at once. */
const PAGE = 1000;

/** Hands the reports of bots with recipients of their own to the queue, one message for each list. A run for a day, or one that sends again, is
 *  of now. @returns how many */
export async function handOverLists(
  database: Database,
  url: string,
  { at, ...run }: Omit<Mailing, 'list_id' | 'due'> & { readonly at: string },
): Promise<number> {
  const isByHand = run.date !== undefined || run.resend;
  let [count, after, more] = [0, '', true];
  while (more) {
    const lists = await store.dueLists(database, { after, at, limit: PAGE });
    const mailings = lists.map(({ list_id, due }): Mailing => ({ ...run, list_id, due: isByHand ? at : due }));
    await sendMessages(url, mailings);
    count += lists.length;
    more = lists.length === PAGE;
    after = lists.at(-1)?.list_id ?? after;
  }
  return count;
}
