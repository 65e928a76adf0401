import { nameOf } from '../functions/report/document/format.ts';
import { getCurrentSnapshot, getSnapshot, type Snapshot } from '../functions/snapshots/contract.ts';
import { Failure } from './failure.ts';
import type { Api } from './service/api.ts';

type SnapshotId = Snapshot['snapshot_id'];

/** A snapshot's id as every command shows it. */
export const shownId = (snapshot_id: SnapshotId): string => String(snapshot_id);

/** The snapshot of the bot that an operand or an option names.
 *  @throws UsageError when the operand cannot be an id; Failure when the snapshot is another bot's */
export async function snapshotNamed(api: Api, bot_id: string | undefined, operand: string): Promise<Snapshot> {
  const { body: snapshot } = await api(getSnapshot, { path: { snapshot_id: operand } });
  if (snapshot.bot_id === (bot_id ?? 'default')) return snapshot;
  throw new Failure(
    `Snapshot ${shownId(snapshot.snapshot_id)} belongs to the bot ${snapshot.bot_id}: add --bot ${snapshot.bot_id}`,
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
  const name = `Snapshot ${shownId(snapshot_id)}${notes ? `, ${nameOf(snapshot)}` : ''}`;
  const until = active_until === null ? 'active' : `until ${minute(active_until)}`;
  const source = rollback_of === null ? '' : `; rolled back to snapshot ${shownId(rollback_of)}`;
  return `${name}: from ${minute(active_from)} UTC, ${until}${source}.`;
}
