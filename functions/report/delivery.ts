import type { Database } from '../database/database.ts';
import type { Mailer } from '../runtime/mailer.ts';
import { mailOf } from './mail.ts';
import type { BotSection, Report } from './report.ts';
import * as store from './store.ts';

/** Mails a report to each recipient, at most once whoever calls and however often: the claim is stored before the call.
 *  One refused address stops no other.
 *  @returns to how many it was sent now
 *  @throws Error when it is not known to have reached somebody, now or in an earlier call */
export async function deliver(
  database: Database,
  mailer: Mailer,
  { report, sender, recipients }: { report: Report; sender: string; recipients: readonly string[] },
): Promise<{ date: string; sent: number }> {
  await store.recordMailedVerdicts(database, report, report.bots.flatMap(audited));
  let sent = 0;
  for (const recipient of recipients) {
    const mail = { kind: report.kind, date: report.date, recipient };
    if (!(await store.claim(database, mail))) continue;
    const result = await mailer.send(await mailOf(report, { sender, recipient }), { sender, recipient });
    await store.settle(database, mail, result);
    if (result.status === 'sent') sent += 1;
  }
  const unsent = await store.unsent(database, report.kind, report.date);
  if (unsent.length > 0)
    throw new Error(
      `the report of ${report.date} is not known to have reached ${unsent.length} of ${recipients.length} recipients`,
    );
  return { date: report.date, sent };
}

/** What is kept of a verdict that was mailed. */
function audited({ bot_id, verdict }: BotSection) {
  if (!verdict) return [];
  const { difference, lower, upper, p } = verdict.expectancy;
  return [
    {
      bot_id,
      verdict: verdict.kind,
      baseline_snapshot_id: verdict.baseline?.snapshot_id ?? null,
      candidate_snapshot_id: verdict.candidate?.snapshot_id ?? null,
      decided_on: verdict.decided_on,
      difference_usd: difference,
      lower_usd: lower,
      upper_usd: upper,
      p,
    },
  ];
}
