import type { Database } from '../../database/database.ts';
import { sendMessages } from '../../runtime/queue.ts';
import type { DueRequest, Mailing } from './list.ts';
import * as store from './store.ts';

/** Most lists that are read at once. */
const PAGE = 1000;

/** The next runs hand it over again: after this time, in milliseconds, somebody should look. */
const OVERDUE_MS = 2.5 * 3_600_000;

const isOverdue = (due: string, at: string): boolean => Date.parse(at) - Date.parse(due) > OVERDUE_MS;

/** Hands the reports that are due, and that a recipient of their list has not got, to the queue. What is handed over twice is mailed once.
 *  @returns how many, and of these, unless a run is by hand, the number that earlier ones have handed over too */
export async function handOverDue(
  database: Database,
  url: string,
  request: DueRequest,
): Promise<{ mailings: number; overdue: number }> {
  let [mailings, overdue] = [0, 0];
  for (let after: string | null = ''; after !== null; ) {
    const page = await store.dueMailings(database, request, { after, limit: PAGE });
    const due = page.mailings.map(({ due: _, ...mailing }) => ({ ...mailing, at: request.at, resend: request.resend }));
    await sendMessages(url, due satisfies Mailing[]);
    mailings += due.length;
    if (request.date === undefined) overdue += page.mailings.filter(({ due }) => isOverdue(due, request.at)).length;
    after = page.next;
  }
  return { mailings, overdue };
}
