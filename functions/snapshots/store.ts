import * as z from 'zod';
import { rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { NotesEdit, Snapshot, SnapshotWithConfig } from './contract.ts';

const columns = sql`snapshot_id, bot_id, active_from, active_until, config_hash, notes, created_by, created_at, rollback_of`;

const SnapshotRow = rowOf(Snapshot);
const SnapshotWithConfigRow = rowOf(SnapshotWithConfig);

const AnswerRow = rowOf(
  SnapshotWithConfig.extend({
    part: z.enum(['saved', 'previous']),
    changed: z.boolean(),
    notes_differ: z.boolean(),
  }),
);
type AnswerRow = z.output<typeof AnswerRow>;

const answerColumns = sql`part, changed, notes_differ, (snapshot).snapshot_id, (snapshot).bot_id, (snapshot).active_from, (snapshot).active_until,
  (snapshot).config_hash, (snapshot).notes, (snapshot).created_by, (snapshot).created_at, (snapshot).rollback_of, (snapshot).config::json AS config`;

/** The argument of the SQL functions that write a snapshot. */
export interface SnapshotRequest {
  readonly bot_id: string;
  readonly idempotency_key: string;
  readonly request_hash: string;
  readonly [field: string]: unknown;
}

/** Saves a snapshot. @returns the snapshot and the previous one, if any: two rows, since two configs can exceed the 64 KB of one */
export function saveSnapshot(database: Database, request: SnapshotRequest): Promise<AnswerRow[]> {
  return database.many(AnswerRow, sql`SELECT ${answerColumns} FROM save_snapshot(${JSON.stringify(request)}::jsonb)`);
}

export function rollBackSnapshot(database: Database, request: SnapshotRequest): Promise<AnswerRow[]> {
  return database.many(
    AnswerRow,
    sql`SELECT ${answerColumns} FROM roll_back_snapshot(${JSON.stringify(request)}::jsonb)`,
  );
}

export function snapshotsBefore(
  database: Database,
  botId: string,
  before: string | null,
  limit: number,
): Promise<Snapshot[]> {
  return database.many(
    SnapshotRow,
    sql`SELECT ${columns}
        FROM strategy_snapshots
        WHERE bot_id = ${botId} AND active_from < coalesce(${before}::timestamptz, 'infinity')
        ORDER BY active_from DESC
        LIMIT ${limit}`,
  );
}

export function currentSnapshot(database: Database, botId: string): Promise<SnapshotWithConfig | null> {
  return database.maybeOne(
    SnapshotWithConfigRow,
    sql`SELECT ${columns}, config::json AS config FROM current_strategies WHERE bot_id = ${botId}`,
  );
}

export function snapshot(database: Database, id: string): Promise<SnapshotWithConfig | null> {
  return database.maybeOne(
    SnapshotWithConfigRow,
    sql`SELECT ${columns}, config::json AS config FROM strategy_snapshots WHERE snapshot_id = ${id}::uuid`,
  );
}

export function snapshots(database: Database, ids: readonly string[]): Promise<SnapshotWithConfig[]> {
  return database.many(
    SnapshotWithConfigRow,
    sql`SELECT ${columns}, config::json AS config
        FROM strategy_snapshots
        WHERE snapshot_id = ANY (string_to_array(${ids.join(',')}, ',')::uuid[])`,
  );
}

/** The snapshot that was active at an instant. */
export function snapshotAt(database: Database, botId: string, at: string): Promise<SnapshotWithConfig | null> {
  return database.maybeOne(
    SnapshotWithConfigRow,
    sql`SELECT ${columns}, config::json AS config
        FROM strategy_snapshots
        WHERE bot_id = ${botId} AND active_from <= ${at}::timestamptz AND coalesce(active_until, 'infinity') > ${at}::timestamptz`,
  );
}

/** The previous snapshot of the same bot. */
export function snapshotBefore(
  database: Database,
  { bot_id, active_from }: Snapshot,
): Promise<SnapshotWithConfig | null> {
  return database.maybeOne(
    SnapshotWithConfigRow,
    sql`SELECT ${columns}, config::json AS config
        FROM strategy_snapshots
        WHERE bot_id = ${bot_id} AND active_from < ${active_from}::timestamptz
        ORDER BY active_from DESC
        LIMIT 1`,
  );
}

/** Replaces the notes of a snapshot. @returns whether they changed; null when there is no such snapshot */
export async function editNotes(
  database: Database,
  id: string,
  { notes, edited_by }: { readonly notes: string | null; readonly edited_by: string | null },
): Promise<boolean | null> {
  const { changed } = await database.one(
    z.object({ changed: z.boolean().nullable() }),
    sql`SELECT edit_notes(${id}::uuid, ${notes}, ${edited_by}) AS changed`,
  );
  return changed;
}

export function notesEdits(database: Database, id: string, limit: number): Promise<NotesEdit[]> {
  return database.many(
    NotesEdit,
    sql`SELECT edited_at, edited_by, before, after
        FROM notes_edits
        WHERE snapshot_id = ${id}::uuid
        ORDER BY edit_id DESC
        LIMIT ${limit}`,
  );
}
