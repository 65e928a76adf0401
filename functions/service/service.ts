import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import type { Bot } from './contract.ts';
import * as store from './store.ts';

/** Checks the database and its pending work. */
export async function databaseHealth(database: Database) {
  return { status: 'ok' as const, ...(await store.state(database)) };
}

/** Every bot, or those `among` some, by name, as it stands now. */
export async function listBots(
  database: Database,
  {
    limit,
    cursor: [after] = [''],
    among,
    at,
  }: {
    limit: number;
    cursor?: readonly [botId: string] | undefined;
    among: readonly string[] | null;
    at: string;
  },
): Promise<{ bots: readonly Bot[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    limit,
    (most) => store.bots(database, { after, among, at }, most),
    ({ bot_id }) => [bot_id],
  );
  return { bots: items, next_cursor };
}
