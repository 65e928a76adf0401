import { comparisonSettings } from '../comparison/settings.ts';
import { withFairTest } from '../experiments/fair-test.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import {
  editNotes,
  getCurrentSnapshot,
  getSnapshot,
  getSnapshotChanges,
  listNotesEdits,
  listSnapshots,
  rollBackSnapshot,
  saveSnapshot,
} from './contract.ts';
import * as notes from './notes.ts';
import * as snapshots from './snapshots.ts';

const { material } = comparisonSettings();

export const handler = serve([
  endpoint(
    saveSnapshot,
    async ({ body, idempotencyKey }, { database, now }) =>
      withFairTest(database, await snapshots.trackSnapshot(database, body, { key: idempotencyKey, now: now() }), {
        now: now(),
        material,
      }),
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
  endpoint(editNotes, ({ path, body }, { database }) => notes.editNotes(database, path.snapshot_id, body)),
  endpoint(listNotesEdits, ({ path }, { database }) => notes.notesEditsOf(database, path.snapshot_id)),
]);
