import { endpoint, json, serve } from '../http/endpoint.ts';
import {
  getCurrentSnapshot,
  getSnapshot,
  getSnapshotChanges,
  listSnapshots,
  rollBackSnapshot,
  saveSnapshot,
} from './contract.ts';
import * as snapshots from './snapshots.ts';

export const handler = serve([
  endpoint(
    saveSnapshot,
    ({ body, idempotencyKey }, { database, now }) =>
      snapshots.trackSnapshot(database, body, { key: idempotencyKey, now: now() }),
    ({ config: _, ...saved }) => json(saved, saved.changed ? 201 : 200),
  ),
  endpoint(
    rollBackSnapshot,
    ({ body, idempotencyKey }, { database }) => snapshots.rollBack(database, body, idempotencyKey),
    (saved) => json(saved, saved.changed ? 201 : 200),
  ),
  endpoint(listSnapshots, ({ query }, { database }) => snapshots.listSnapshots(database, query)),
  endpoint(getCurrentSnapshot, ({ query }, { database }) => snapshots.activeSnapshot(database, query.bot_id)),
  endpoint(getSnapshot, ({ path }, { database }) => snapshots.snapshotById(database, path.snapshot_id)),
  endpoint(getSnapshotChanges, ({ path, query }, { database }) =>
    snapshots.snapshotChanges(database, path.snapshot_id, query.against),
  ),
]);
