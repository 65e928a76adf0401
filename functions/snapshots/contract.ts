import * as z from 'zod';
import {
  botId,
  cursor,
  document,
  freeText,
  instant,
  limit,
  nextCursor,
  settingsObject,
  snapshotId,
} from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';

const notes = freeText(4000)
  .nullish()
  .meta({ description: 'The reason for the change, for people to read', example: 'RSI weight 2.5 -> 1.5' });

export const Config = settingsObject.meta({
  description:
    'The settings that the bot trades with: any JSON object, at most 48 KB as canonical JSON. Secrets are replaced by `[redacted]` before anything is stored',
  example: { score_buy_target: 5.5, indicator_weights: { rsi: 2.5 }, excluded_symbols: ['A8-USD'] },
});

export const Snapshot = z
  .object({
    snapshot_id: snapshotId,
    bot_id: z.string(),
    active_from: z.string().meta({ format: 'date-time' }),
    active_until: z.string().nullable().meta({ format: 'date-time', description: 'null: active now' }),
    config_hash: z
      .string()
      .meta({ description: 'SHA-256 of the canonical JSON (RFC 8785) of the config, with set-like lists sorted' }),
    notes: z.string().nullable(),
    created_by: z.string().nullable(),
    created_at: z.string().meta({ format: 'date-time' }),
    rollback_of: snapshotId.nullable().meta({ description: 'The snapshot whose config this rollback reactivated' }),
  })
  .meta({ id: 'Snapshot' });
export type Snapshot = z.output<typeof Snapshot>;

export const SnapshotWithConfig = Snapshot.extend({ config: document }).meta({
  id: 'SnapshotWithConfig',
});
export type SnapshotWithConfig = z.output<typeof SnapshotWithConfig>;

export const Change = z
  .object({
    path: z.string().meta({ description: 'A JSON Pointer into the config', example: '/indicator_weights/rsi' }),
    before: z.unknown().meta({ description: 'null when absent' }),
    after: z.unknown().meta({ description: 'null when absent' }),
  })
  .meta({ id: 'Change' });
export type Change = z.output<typeof Change>;

const saved = {
  changed: z.boolean().meta({ description: 'Whether a new snapshot was created' }),
  changes: z.array(Change).meta({ description: 'The changes against the previous snapshot' }),
  warnings: z.array(z.string()).meta({
    description: 'More than one setting changed; no notes; a known setting of a wrong type; notes that differ',
  }),
  redacted: z.array(z.string()).meta({
    description:
      'JSON Pointers of the settings in which a secret was replaced by `[redacted]`: API keys, passwords, tokens, credentials in URLs',
    example: ['/exchange/secret'],
  }),
};

export const SavedSnapshot = Snapshot.extend(saved).meta({ id: 'SavedSnapshot' });
export type SavedSnapshot = z.output<typeof SavedSnapshot>;

export const SaveSnapshot = z.strictObject({
  config: Config,
  notes,
  bot_id: botId,
  created_by: freeText(200).nullish(),
  active_from: instant.nullish().meta({ description: 'When it became active, for imports; by default now' }),
  active_until: instant
    .nullish()
    .meta({ description: 'When it ended, for imports of periods before the first snapshot' }),
});
export type SaveSnapshot = z.output<typeof SaveSnapshot>;

export const RollBack = z.strictObject({ bot_id: botId, snapshot_id: snapshotId.nullish(), notes });
export type RollBack = z.output<typeof RollBack>;

export const EditNotes = z.strictObject({
  notes: freeText(4000).nullable().meta({ description: 'The new notes; null removes them' }),
  edited_by: freeText(200).nullish(),
});
export type EditNotes = z.output<typeof EditNotes>;

export const NotesEdit = z
  .object({
    edited_at: z.string().meta({ format: 'date-time' }),
    edited_by: z.string().nullable(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ id: 'NotesEdit' });
export type NotesEdit = z.output<typeof NotesEdit>;

const ofBot = z.strictObject({ bot_id: botId });
const oneSnapshot = z.strictObject({ snapshot_id: snapshotId });

export const saveSnapshot = operation({
  id: 'saveSnapshot',
  method: 'POST',
  path: '/snapshots',
  capability: 'snapshots',
  summary: 'Track the configuration that the bot trades with',
  description: 'Idempotent: saving the active configuration again creates no new snapshot.',
  input: { body: SaveSnapshot },
  idempotent: true,
  answers: {
    201: { description: 'A new snapshot is active', schema: SavedSnapshot },
    200: { description: 'This configuration was already active', schema: SavedSnapshot },
  },
  problems: [409, 413, 422],
});

export const listSnapshots = operation({
  id: 'listSnapshots',
  method: 'GET',
  path: '/snapshots',
  capability: 'snapshots',
  summary: 'List the snapshots of a bot, newest first, without their configs',
  description:
    'Each is a configuration and the period in which it was active; a configuration may be active several times.',
  input: { query: z.strictObject({ bot_id: botId, limit, cursor: cursor(z.tuple([instant])).optional() }) },
  answers: {
    200: { description: 'A page', schema: z.object({ snapshots: z.array(Snapshot), next_cursor: nextCursor }) },
  },
});

export const getCurrentSnapshot = operation({
  id: 'getCurrentSnapshot',
  method: 'GET',
  path: '/snapshots/current',
  capability: 'snapshots',
  summary: 'Get the active snapshot of a bot',
  description: 'With the config that the bot should trade with.',
  input: { query: ofBot },
  answers: { 200: { description: 'The active snapshot', schema: SnapshotWithConfig } },
  problems: [404],
});

export const getSnapshot = operation({
  id: 'getSnapshot',
  method: 'GET',
  path: '/snapshots/{snapshot_id}',
  capability: 'snapshots',
  summary: 'Get a snapshot',
  description: 'With its config.',
  input: { path: oneSnapshot },
  answers: { 200: { description: 'The snapshot', schema: SnapshotWithConfig } },
  problems: [404],
});

export const getSnapshotChanges = operation({
  id: 'getSnapshotChanges',
  method: 'GET',
  path: '/snapshots/{snapshot_id}/changes',
  capability: 'snapshots',
  summary: 'Compare a snapshot with the previous one, or with another',
  description:
    'Objects are compared recursively; a list is one setting. `against` is null for the first snapshot, which has no changes.',
  input: {
    path: oneSnapshot,
    query: z.strictObject({
      against: snapshotId.optional().meta({ description: 'The other snapshot; by default the previous one' }),
    }),
  },
  answers: {
    200: { description: 'The changes', schema: z.object({ against: snapshotId.nullable(), changes: z.array(Change) }) },
  },
  problems: [404],
});

export const rollBackSnapshot = operation({
  id: 'rollBackSnapshot',
  method: 'POST',
  path: '/snapshots/rollback',
  capability: 'snapshots',
  summary: 'Roll back to an earlier configuration, as a new snapshot',
  description:
    'By default to the snapshot before the active one. If the active one is itself a rollback, the default changes nothing.',
  input: { body: RollBack },
  idempotent: true,
  answers: {
    201: { description: 'The earlier configuration is active again', schema: SnapshotWithConfig.extend(saved) },
    200: { description: 'It was already active', schema: SnapshotWithConfig.extend(saved) },
  },
  problems: [404, 422],
});

export const editNotes = operation({
  id: 'editNotes',
  method: 'POST',
  path: '/snapshots/{snapshot_id}/notes',
  capability: 'snapshots',
  summary: 'Edit the notes of a snapshot',
  description: 'The earlier notes are kept. Sending the same notes again changes nothing.',
  input: { path: oneSnapshot, body: EditNotes },
  answers: {
    200: {
      description: 'The snapshot with its notes as they are now',
      schema: Snapshot.extend({ changed: z.boolean() }),
    },
  },
  problems: [404],
});

export const listNotesEdits = operation({
  id: 'listNotesEdits',
  method: 'GET',
  path: '/snapshots/{snapshot_id}/notes',
  capability: 'snapshots',
  summary: 'List the edits of a snapshot’s notes, newest first',
  description: 'Each with the notes before and after it. At most the latest 100.',
  input: { path: oneSnapshot },
  answers: { 200: { description: 'The edits', schema: z.object({ edits: z.array(NotesEdit) }) } },
  problems: [404],
});

export const snapshotOperations = [
  saveSnapshot,
  listSnapshots,
  getCurrentSnapshot,
  rollBackSnapshot,
  getSnapshot,
  getSnapshotChanges,
  editNotes,
  listNotesEdits,
];
