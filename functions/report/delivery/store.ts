import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import type { BlockedRecipient } from '../contract.ts';

/** Identifies one delivery: a report to one recipient, by one run. */
export interface DeliveryKey {
  readonly kind: string;
  readonly date: string;
  /** Empty: that of the deployment. */
  readonly list_id: string;
  readonly recipient: string;
  /** The run. */
  readonly owner: string;
  /** The bots in the report. */
  readonly bots: readonly string[];
}

const Claim = z.object({ claimed: z.boolean() });

/** Claims a delivery. @param again also one that may or may not have arrived, for a resend
 *  @returns whether the caller may send it: no one else has claimed it */
export async function claim(
  database: Database,
  { kind, date, list_id, recipient, owner, bots }: DeliveryKey,
  again: boolean,
): Promise<boolean> {
  const row = await database.one(
    Claim,
    sql`SELECT claim_report(${kind}, ${date}::date, ${list_id}, ${recipient}, ${owner}::uuid, ${JSON.stringify(bots)}::jsonb, ${again}) AS claimed`,
  );
  return row.claimed;
}

/** Records the result of a claimed delivery. */
export async function recordResult(
  database: Database,
  { kind, date, list_id, recipient, owner }: DeliveryKey,
  result: { status: 'sent' | 'refused' | 'unknown'; message_id: string | null; error: string | null },
): Promise<void> {
  await database.one(
    z.object({ settled: z.unknown() }),
    sql`SELECT settle_report(${kind}, ${date}::date, ${list_id}, ${recipient}, ${owner}::uuid, ${result.status}, ${result.message_id}, ${result.error})::text AS settled`,
  );
}

const Recipient = z.object({ recipient: z.string(), status: z.enum(['sent', 'being_sent']) });

/** The recipients who were sent a report, or that another run is serving now. Who may have got one of its bots in another list counts as sent;
 *  not so for the recipients of the deployment, who would miss all others. */
export function served(
  database: Database,
  { kind, date, list_id, bots }: Pick<DeliveryKey, 'kind' | 'date' | 'list_id' | 'bots'>,
): Promise<z.output<typeof Recipient>[]> {
  return database.many(
    Recipient,
    sql`SELECT recipient, CASE WHEN status = 'sent' OR list_id <> ${list_id} THEN 'sent' ELSE 'being_sent' END AS status
        FROM report_deliveries
        WHERE kind = ${kind} AND date = ${date}::date
          AND CASE WHEN list_id = ${list_id} THEN status = 'sent' OR (status = 'claimed' AND claimed_at >= clock_timestamp() - delivery_lease())
              ELSE ${list_id} <> '' AND status <> 'refused' AND bots && ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(bots)}::jsonb)) END
        ORDER BY recipient`,
  );
}

/** Stops mail to addresses. */
export async function blockRecipients(database: Database, recipients: readonly BlockedRecipient[]): Promise<void> {
  await database.one(
    z.object({ blocked: z.unknown() }),
    sql`SELECT block_recipients(${JSON.stringify(recipients)}::jsonb)::text AS blocked`,
  );
}

/** Lets an address get mail again. @returns whether it was blocked */
export async function unblockRecipient(database: Database, address: string): Promise<boolean> {
  const row = z.object({ unblocked: z.boolean() });
  return (await database.one(row, sql`SELECT unblock_recipient(${address}) AS unblocked`)).unblocked;
}

/** The blocked ones of these addresses, in lower case. */
export async function blockedAmong(database: Database, addresses: readonly string[]): Promise<readonly string[]> {
  const rows = await database.many(
    z.object({ address: z.string() }),
    sql`SELECT address
        FROM blocked_recipients
        WHERE unblocked_at IS NULL AND address IN (SELECT lower(value) FROM jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb))`,
  );
  return rows.map(({ address }) => address);
}
