import type { ComparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import type { Report } from '../contract.ts';
import type { MailingList } from '../lists/list.ts';
import type { ReportRequest } from '../window.ts';

/** Makes a report of the requested trading day, by default the last complete one. */
export type MakeReport = (database: Database, request: ReportRequest, mayContinue: () => boolean) => Promise<Report>;

/** Makes the report that a list gets, by default that of all bots.
 *  @throws Error when its day is not over: each day is mailed once, so that mail would be incomplete for good */
export async function reportToMail(
  database: Database,
  make: MakeReport,
  {
    at,
    ...run
  }: { at: string; date?: string | undefined; list: MailingList | undefined; settings: ComparisonSettings },
  mayContinue: () => boolean,
): Promise<Report> {
  const report = await make(database, { now: new Date(at), ...run }, mayContinue);
  if (Date.parse(report.to) > Date.parse(at))
    throw new Error(`${report.date} is not over yet: its report is mailed afterwards`);
  return report;
}

/** Counts the mail addresses, and names the kind and the id of the channels, which are no secrets. */
export function missedMessage({ kind, date }: Report, missed: readonly string[], all: number): string {
  const channels = missed.filter((recipient) => !recipient.includes('@'));
  const named = channels.length > 0 ? ` (${channels.join(', ')})` : '';
  return `the ${kind === 'daily' ? 'daily report' : 'weekly review'} of ${date} may not have reached ${missed.length} of ${all} recipients${named}: another run for the same day retries those that refused it; what may have arrived is sent again only by a resend`;
}
