import type { Database } from '../database/database.ts';
import { NotFound } from '../errors.ts';
import type { EditNotes, NotesEdit, Snapshot } from './contract.ts';
import { snapshotById } from './snapshots.ts';
import * as store from './store.ts';

/** Most edits in one response. */
const MOST_EDITS = 100;

/** Replaces the notes of a snapshot; the earlier ones are kept. @throws NotFound */
export async function editNotes(
  database: Database,
  id: string,
  { notes, edited_by = null }: EditNotes,
): Promise<Snapshot & { changed: boolean }> {
  const changed = await store.editNotes(database, id, { notes, edited_by });
  if (changed === null) throw new NotFound(`no snapshot ${id}`);
  const { config: _, ...snapshot } = await snapshotById(database, id);
  return { ...snapshot, changed };
}

/** The edits of a snapshot's notes, newest first. @throws NotFound */
export async function notesEditsOf(database: Database, id: string): Promise<{ edits: NotesEdit[] }> {
  const { snapshot_id } = await snapshotById(database, id);
  return { edits: await store.notesEdits(database, snapshot_id, MOST_EDITS) };
}
