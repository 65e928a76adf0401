import * as z from 'zod';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import type { BlockedRecipient } from '../contract.ts';

/** Stops mail to addresses. */
export async function blockRecipients(database: Database, recipients: readonly BlockedRecipient[]): Promise<void> {
  await database.one(
    z.object({ blocked: z.unknown() }),
    sql`SELECT block_recipients(${JSON.stringify(recipients)}::jsonb)::text AS blocked`,
  );
}

/** Lets an address get mail again. */
export async function unblockRecipient(
  database: Database,
  { address }: { readonly address: string },
): Promise<{ address: string; unblocked: boolean }> {
  const { unblocked } = await database.one(
    z.object({ unblocked: z.boolean() }),
    sql`SELECT unblock_recipient(${address}) AS unblocked`,
  );
  return { address, unblocked };
}

/** Those of these addresses that may get mail. */
export async function unblocked(database: Database, addresses: readonly string[]): Promise<readonly string[]> {
  const blocked = await database.many(
    z.object({ address: z.string() }),
    sql`SELECT address
        FROM blocked_recipients
        WHERE unblocked_at IS NULL AND address IN (SELECT lower(value) FROM jsonb_array_elements_text(${JSON.stringify(addresses)}::jsonb))`,
  );
  const isBlocked = new Set(blocked.map(({ address }) => address));
  return addresses.filter((address) => !isBlocked.has(address.toLowerCase()));
}
