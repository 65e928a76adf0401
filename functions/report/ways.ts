import type { Database } from '../database/database.ts';
import type { Report } from './contract.ts';
import { listsOfBots } from './lists/store.ts';
import * as store from './store.ts';
import type { ReportRequest, ReportWindow } from './window.ts';

/** How a report reaches people: its page, and the recipients that it did not reach. In a mail these are those of its list; in an answer to a caller
 *  that may not use all bots, those of its bots. */
export async function waysOf(
  database: Database,
  window: ReportWindow,
  { list, settings }: ReportRequest,
): Promise<Pick<Report, 'dashboard_url' | 'failed_deliveries' | 'blocked_recipients'>> {
  const lists = list ? [{ list_id: list.id, recipients: list.recipients }] : await readersOf(database, window.among);
  const [failed_deliveries, blocked_recipients] = await Promise.all([
    store.failedDeliveries(
      database,
      window,
      lists?.map(({ list_id }) => list_id),
    ),
    store.blockedRecipients(
      database,
      lists?.flatMap(({ recipients }) => recipients),
    ),
  ]);
  return { dashboard_url: settings.dashboard_url, failed_deliveries, blocked_recipients };
}

const readersOf = (database: Database, among: readonly string[] | null) =>
  among === null ? null : listsOfBots(database, among);
