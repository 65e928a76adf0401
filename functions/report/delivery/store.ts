import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';

/** Identifies one delivery: a report to one recipient. */
export interface DeliveryKey {
  readonly kind: string;
  readonly date: string;
  readonly recipient: string;
}

const Claim = z.object({ claimed: z.boolean() });

/** Claims a delivery. @returns whether the caller may send it: no one else has claimed it */
export async function claim(database: Database, { kind, date, recipient }: DeliveryKey): Promise<boolean> {
  const row = await database.one(Claim, sql`SELECT claim_report(${kind}, ${date}::date, ${recipient}) AS claimed`);
  return row.claimed;
}

/** Claims a delivery again for a resend. @returns whether the caller may send it: it may not have arrived, and no run is sending it */
export async function claimAgain(database: Database, { kind, date, recipient }: DeliveryKey): Promise<boolean> {
  const row = await database.one(
    Claim,
    sql`SELECT claim_report_again(${kind}, ${date}::date, ${recipient}) AS claimed`,
  );
  return row.claimed;
}

/** Records the result of a claimed delivery. */
export async function recordResult(
  database: Database,
  { kind, date, recipient }: DeliveryKey,
  result: { status: 'sent' | 'refused' | 'unknown'; message_id: string | null; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ settled: z.unknown() }),
    sql`SELECT settle_report(${kind}, ${date}::date, ${recipient}, ${result.status}, ${result.message_id}, ${result.error})::text AS settled`,
  );
}

/** The recipients who were sent a report. */
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
