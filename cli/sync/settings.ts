import * as z from 'zod';
import { instant } from '../../functions/contract/fields.ts';
import { listSnapshots, Snapshot, saveSnapshot } from '../../functions/snapshots/contract.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import type { KnownSettings, Reading } from './source.ts';

/** Who creates the snapshots. Those of a bot, which knows more of its settings, are never followed by one of these. */
const CREATED_BY = 'strategy sync';

const Stored = Snapshot.pick({ created_by: true }).extend({ active_from: instant, active_until: instant.nullable() });
const Page = z.object({ snapshots: z.array(Stored), next_cursor: z.string().nullable() });
type Stored = z.output<typeof Stored>;

/** Sends the settings in the records, for the time before the bot's own first snapshot; without them, no order would belong to a
 *  strategy. @returns how many snapshots are new */
export async function sendSettings(api: Api, bot_id: string, { settings, current }: Reading): Promise<number> {
  const stored = await storedOf(api, bot_id);
  const own = stored.filter(({ created_by }) => created_by !== CREATED_BY).at(0)?.active_from ?? null;
  const [last, active] = [settings.at(-1), stored.at(-1)];
  let created = 0;
  for (const [at, known] of settings.entries()) {
    const active_from = inMicroseconds(known.active_from);
    if (own !== null && active_from >= own) break;
    if (stored.some((each) => covers(each, active_from))) continue;
    // The settings of today are the best guess for the past of the same strategy.
    const config = known === last && current && own === null && stored.length === 0 ? current.config : known.config;
    const next = settings[at + 1];
    const until = own === null ? null : [own, ...(next ? [inMicroseconds(next.active_from)] : [])].sort()[0];
    created += await saved(api, {
      bot_id,
      config,
      notes: known.notes,
      active_from,
      ...(until && { active_until: until }),
    });
  }
  if (current && own === null && (active || settings.length === 0)) created += await saved(api, { bot_id, ...current });
  return created;
}

/** Whether it is stored already: the service has a snapshot that was made of it. */
const covers = ({ active_from, created_by }: Stored, from: string): boolean =>
  active_from === from && created_by === CREATED_BY;

const inMicroseconds = (time: string): string => instant.parse(time);

type Body = Omit<KnownSettings, 'active_from'> & { readonly active_from?: string; readonly active_until?: string };

/** A period that does not fit between those of the service is left out. */
async function saved(api: Api, body: Body & { readonly bot_id: string }): Promise<number> {
  try {
    const answer = await api(saveSnapshot, { body: { ...body, created_by: CREATED_BY } });
    return (answer.body as { changed: boolean }).changed ? 1 : 0;
  } catch (error) {
    if (error instanceof UnexpectedStatus && error.status === 409) return 0;
    throw error;
  }
}

/** Oldest first. */
async function storedOf(api: Api, bot_id: string): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: Record<string, string> = { bot_id, limit: '500', ...(cursor && { cursor }) };
    const page: z.output<typeof Page> = Page.parse((await api(listSnapshots, { query })).body);
    stored.push(...page.snapshots);
    cursor = page.next_cursor;
  }
  return stored.reverse();
}
