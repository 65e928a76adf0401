import { snapshotId } from '../functions/contract/fields.ts';
import { shortId } from '../functions/formatting.ts';
import { nameOf } from '../functions/report/document/format.ts';
import { getCurrentSnapshot, getSnapshot, listSnapshots, type Snapshot } from '../functions/snapshots/contract.ts';
import { Failure, UsageError } from './failure.ts';
import type { Api } from './service/api.ts';

type SnapshotId = Snapshot['snapshot_id'];

/** The most snapshots that the service returns at once. */
const PAGE = 500;
/** The most ids in a message. */
const MOST_IDS = 10;

/** The snapshot of the bot that an operand or an option names by its id, or by the start of it.
 *  @throws UsageError when the operand cannot be the start of an id; Failure when it is that of no or several snapshots, or when the
 *    snapshot is another bot's */
export async function snapshotNamed(api: Api, bot_id: string | undefined, operand: string): Promise<Snapshot> {
  const whole = snapshotId.safeParse(operand);
  if (!whole.success) return snapshotStartingWith(api, bot_id, operand);
  const { body: snapshot } = await api(getSnapshot, { path: { snapshot_id: whole.data } });
  if (snapshot.bot_id === (bot_id ?? 'default')) return snapshot;
  throw new Failure(
    `Snapshot ${shortId(snapshot.snapshot_id)} belongs to the bot ${snapshot.bot_id}: add --bot ${snapshot.bot_id}`,
  );
}

async function snapshotStartingWith(api: Api, bot_id: string | undefined, operand: string): Promise<Snapshot> {
  if (!/^[0-9a-f][0-9a-f-]{0,35}$/i.test(operand))
    throw new UsageError(`${operand} must be the id of a snapshot, or the start of one, such as 0f8fad5b`);
  const start = operand.toLowerCase();
  const found: Snapshot[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api(listSnapshots, { query: { bot_id, limit: PAGE, cursor } });
    found.push(...body.snapshots.filter(({ snapshot_id }) => snapshot_id.startsWith(start)));
    cursor = body.next_cursor ?? undefined;
  } while (cursor !== undefined);

  const [snapshot, ...others] = found;
  if (snapshot === undefined)
    throw new Failure(
      `No snapshot of the bot ${bot_id ?? 'default'} has an id that starts with ${operand}: "strategy snapshots" lists them.`,
    );
  if (others.length === 0) return snapshot;
  // Whole ids: the first eight characters may be the same.
  const ids = found.slice(0, MOST_IDS).map(({ snapshot_id }) => `  ${snapshot_id}`);
  const more = found.length > MOST_IDS ? [`  and ${found.length - MOST_IDS} more`] : [];
  throw new Failure(
    [`The ids of ${found.length} snapshots start with ${operand}: type more of it.`, ...ids, ...more].join('\n'),
  );
}

/** The id of the snapshot that an option names; undefined without the option. */
export const idOfNamed = async (
  api: Api,
  bot_id: string | undefined,
  operand: string | undefined,
): Promise<SnapshotId | undefined> =>
  operand === undefined ? undefined : (await snapshotNamed(api, bot_id, operand)).snapshot_id;

export const activeSnapshot = async (api: Api, bot_id: string | undefined) =>
  (await api(getCurrentSnapshot, { query: { bot_id } })).body;

/** An instant to the minute, in UTC. @example minute('2026-11-22T08:00:12.000000Z') // '2026-11-22 08:00' */
export const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** A sentence with the snapshot's id, its notes and its period. */
export function described(snapshot: Snapshot): string {
  const { snapshot_id, notes, active_from, active_until, rollback_of } = snapshot;
  const name = `Snapshot ${shortId(snapshot_id)}${notes ? `, ${nameOf(snapshot)}` : ''}`;
  const until = active_until === null ? 'active' : `until ${minute(active_until)}`;
  const source = rollback_of === null ? '' : `; rolled back to snapshot ${shortId(rollback_of)}`;
  return `${name}: from ${minute(active_from)} UTC, ${until}${source}.`;
}
