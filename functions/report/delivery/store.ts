import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';

/** Identifies one delivery: a report to one recipient, by one run. */
export interface DeliveryKey {
  readonly kind: string;
  readonly date: string;
  readonly recipient: string;
  /** The run. */
  readonly owner: string;
}

const Claim = z.object({ claimed: z.boolean() });

/** Claims a delivery. @param again also one that may or may not have arrived, for a resend
 *  @returns whether the caller may send it: no one else has claimed it */
export async function claim(
  database: Database,
  { kind, date, recipient, owner }: DeliveryKey,
  again: boolean,
): Promise<boolean> {
  const row = await database.one(
    Claim,
    sql`SELECT claim_report(${kind}, ${date}::date, ${recipient}, ${owner}::uuid, ${again}) AS claimed`,
  );
  return row.claimed;
}

/** Records the result of a claimed delivery. */
export async function recordResult(
  database: Database,
  { kind, date, recipient, owner }: DeliveryKey,
  result: { status: 'sent' | 'refused' | 'unknown'; message_id: string | null; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ settled: z.unknown() }),
    sql`SELECT settle_report(${kind}, ${date}::date, ${recipient}, ${owner}::uuid, ${result.status}, ${result.message_id}, ${result.error})::text AS settled`,
  );
}

const Recipient = z.object({ recipient: z.string(), status: z.enum(['sent', 'being_sent']) });

/** The recipients who were sent a report, or that another run is serving now. */
export function served(
  database: Database,
  { kind, date }: { kind: string; date: string },
): Promise<z.output<typeof Recipient>[]> {
  return database.many(
    Recipient,
    sql`SELECT recipient, CASE status WHEN 'sent' THEN 'sent' ELSE 'being_sent' END AS status
        FROM report_deliveries
        WHERE kind = ${kind} AND date = ${date}::date
          AND (status = 'sent' OR (status = 'claimed' AND claimed_at >= clock_timestamp() - delivery_lease()))
        ORDER BY recipient`,
  );
}
