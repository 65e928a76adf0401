import type { Database } from '../../database/database.ts';
import type { BlockedRecipient } from '../contract.ts';
import * as store from './store.ts';

/** Stops mail to addresses. */
export const blockRecipients = (database: Database, recipients: readonly BlockedRecipient[]): Promise<void> =>
  store.blockRecipients(database, recipients);

/** Lets an address get mail again. */
export async function unblockRecipient(
  database: Database,
  { address }: { readonly address: string },
): Promise<{ address: string; unblocked: boolean }> {
  return { address, unblocked: await store.unblockRecipient(database, address) };
}

/** Those of these addresses that may get mail. */
export async function unblocked(database: Database, addresses: readonly string[]): Promise<readonly string[]> {
  const blocked = new Set(await store.blockedAmong(database, addresses));
  return addresses.filter((address) => !blocked.has(address.toLowerCase()));
}
