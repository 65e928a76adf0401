import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';

export interface Addressed {
  readonly kind: string;
  readonly date: string;
  readonly recipient: string;
}

const Claim = z.object({ claimed: z.boolean() });

/** Whether the caller may mail this report to this recipient: nobody else has. */
export async function claim(database: Database, { kind, date, recipient }: Addressed): Promise<boolean> {
  const row = await database.one(Claim, sql`SELECT claim_report(${kind}, ${date}::date, ${recipient}) AS claimed`);
  return row.claimed;
}

/** Whether the caller may mail it once more: it is not known to have been sent, and nobody is at it. */
export async function claimAgain(database: Database, { kind, date, recipient }: Addressed): Promise<boolean> {
  const row = await database.one(
    Claim,
    sql`SELECT claim_report_again(${kind}, ${date}::date, ${recipient}) AS claimed`,
  );
  return row.claimed;
}

export async function settle(
  database: Database,
  { kind, date, recipient }: Addressed,
  result: { status: 'sent' | 'refused' | 'unknown'; message_id: string | null; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ settled: z.unknown() }),
    sql`SELECT settle_report(${kind}, ${date}::date, ${recipient}, ${result.status}, ${result.message_id}, ${result.error})::text AS settled`,
  );
}

/** To whom a report is known to have been sent. */
export async function sentTo(
  database: Database,
  { kind, date }: { kind: string; date: string },
): Promise<readonly string[]> {
  const rows = await database.many(
    z.object({ recipient: z.string() }),
    sql`SELECT recipient
        FROM report_deliveries
        WHERE kind = ${kind} AND date = ${date}::date AND status = 'sent'
        ORDER BY recipient`,
  );
  return rows.map(({ recipient }) => recipient);
}
