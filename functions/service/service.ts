import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import type { Bot, BotSettings } from './contract.ts';
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

/** Sets who gets the reports of a bot, and when. Recipients are sorted, each once: bots with the same ones share a mail.
 *  @throws NotFound when there is no such bot, Conflict when the database does not know the time zone */
export async function setBot(
  database: Database,
  { recipients: given, ...bot }: { readonly bot_id: string } & BotSettings,
): Promise<{ readonly bot_id: string } & BotSettings> {
  const recipients = given && [...new Set(given)].sort();
  await store.setBot(database, { ...bot, recipients });
  return { ...bot, recipients };
}
