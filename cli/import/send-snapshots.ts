import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { instant } from '../../functions/contract/fields.ts';
import { listSnapshots, type SavedSnapshot, Snapshot, saveSnapshot } from '../../functions/snapshots/contract.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import { refusalOf } from '../service/refusal.ts';
import { fitted, type Period, type StoredPeriod } from './periods.ts';
import { rows, skip } from './staging.ts';

interface Staged extends Period {
  readonly bot_id: string;
  readonly is_stated: number;
  readonly body: string;
}

/** Formats times with six decimals, as in the staging, so that text order is time order. */
const StoredSnapshot = Snapshot.extend({ active_from: instant, active_until: instant.nullable() });
const Page = z.object({ snapshots: z.array(StoredSnapshot), next_cursor: z.string().nullable() });

/** Sends the snapshots, the oldest first, each with the end that the service can store. */
export async function sendSnapshots(
  staging: DatabaseSync,
  api: Api,
  onSent: (sent: number) => void,
): Promise<{ new: number; known: number }> {
  const staged = rows<Staged>(staging, 'SELECT * FROM snapshots ORDER BY bot_id, active_from');
  const counts = { new: 0, known: 0 };
  for (const { bot_id, active_from, active_until, is_stated, body } of staged) {
    const imported = staged.filter((other) => other.bot_id === bot_id);
    const periods = { stored: await storedPeriods(api, bot_id), imported, isStated: is_stated === 1 };
    const fit = fitted({ active_from, active_until }, periods);
    const refused =
      'refused' in fit
        ? fit.refused
        : await post(api, { ...JSON.parse(body), active_from, active_until: fit.active_until }, counts);
    if (refused) skip(staging, `a snapshot that does not fit: ${refused}`, `bot ${bot_id} from ${active_from}`);
    onSent(1);
  }
  return counts;
}

/** @returns why it was refused, or null */
async function post(api: Api, body: object, counts: { new: number; known: number }): Promise<string | null> {
  try {
    const { changed } = (await api(saveSnapshot, { body })).body as SavedSnapshot;
    counts[changed ? 'new' : 'known'] += 1;
    return null;
  } catch (error) {
    if (error instanceof UnexpectedStatus && error.status < 500) return refusalOf(error.text).join('; ') || error.text;
    throw error;
  }
}

/** All periods of a bot. They are read before each snapshot is sent, because each may end another one. */
export async function storedPeriods(api: Api, bot_id: string): Promise<StoredPeriod[]> {
  const stored: StoredPeriod[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: Record<string, string> = { bot_id, limit: '500', ...(cursor && { cursor }) };
    const page: z.output<typeof Page> = Page.parse((await api(listSnapshots, { query })).body);
    stored.push(...page.snapshots);
    cursor = page.next_cursor;
  }
  return stored;
}
