import { shortId } from '../../functions/formatting.ts';
import { nameOf } from '../../functions/report/document/format.ts';
import { api, type Schema } from '../api/client.ts';

export { nameOf };

/** The snapshots of a bot, newest first. */
export function useSnapshots(bot_id: string): readonly Schema['Snapshot'][] {
  const { data } = api.useQuery('get', '/snapshots', { params: { query: { bot_id, limit: 500 } } });
  return data?.snapshots ?? none;
}
const none: readonly Schema['Snapshot'][] = [];

/** The name of a snapshot by its id. */
export function nameIn(snapshots: readonly Schema['Snapshot'][], snapshot_id: string | null): string {
  if (snapshot_id === null) return 'no strategy';
  const found = snapshots.find((each) => each.snapshot_id === snapshot_id);
  return found ? nameOf(found) : `Snapshot ${shortId(snapshot_id)}`;
}
