import { refuseFuture } from '../contract/future.ts';
import { page } from '../contract/page.ts';
import { redactedPaths } from '../contract/secrets.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { canonical } from './canonical.ts';
import { changesBetween } from './changes.ts';
import { sha256 } from './config-hash.ts';
import type { RollBack, SavedSnapshot, SaveSnapshot, Snapshot, SnapshotWithConfig } from './contract.ts';
import { knownSettings } from './known-settings.ts';
import { storableConfig } from './storable-config.ts';
import * as store from './store.ts';

type SavedSnapshotWithConfig = SavedSnapshot & SnapshotWithConfig;

/** How far a bot's clock may be ahead of the database's, in milliseconds. */
const CLOCK_SKEW_MS = 60_000;

/** Tracks a configuration. @throws InvalidInput, TooLarge, Conflict (the period overlaps another snapshot), KeyReused */
export async function trackSnapshot(
  database: Database,
  request: SaveSnapshot,
  { key, now }: { key: string; now: Date },
): Promise<SavedSnapshotWithConfig> {
  const { config, active_from, active_until } = request;
  refuseFuture({ active_from, active_until }, now, CLOCK_SKEW_MS);
  if (active_until && !active_from)
    throw new InvalidInput([{ path: '/active_from', message: 'is required with active_until' }]);
  if (active_until && active_from && active_until <= active_from) {
    throw new InvalidInput([{ path: '/active_until', message: 'must be after active_from' }]);
  }
  const stored = storableConfig(config, '/config');
  const { settings, warnings } = knownSettings(config);

  const rows = await store.saveSnapshot(database, {
    ...request,
    ...identity('save', request, key),
    ...stored,
    settings,
  });
  return responseOf(rows, warnings);
}

/** Rolls back to an earlier configuration. @throws NotFound when there is none, KeyReused */
export async function rollBack(database: Database, request: RollBack, key: string): Promise<SavedSnapshotWithConfig> {
  return responseOf(await store.rollBackSnapshot(database, { ...request, ...identity('rollback', request, key) }), []);
}

function identity(operation: string, request: object, key: string) {
  return { idempotency_key: `${operation}:${key}`, request_hash: sha256(canonical(request)) };
}

type Rows = Awaited<ReturnType<typeof store.saveSnapshot>>;

function responseOf(rows: Rows, typeWarnings: readonly string[]): SavedSnapshotWithConfig {
  const [saved, previous] = rows;
  if (!saved) throw new Error('the database returned no snapshot');
  const { part: _, changed, notes_differ, ...snapshot } = saved;
  const changes = changed && previous ? changesBetween(previous.config, snapshot.config) : [];
  const warnings = [
    ...typeWarnings,
    ...(changes.length > 1 ? [`${changes.length} settings changed at once: their effects cannot be separated`] : []),
    ...(snapshot.notes === null
      ? ['no notes: say what changed and why, since notes name the strategy in every report']
      : []),
    ...(notes_differ ? ['notes differ from the stored ones, which are kept'] : []),
  ];
  return { ...snapshot, changed, changes, warnings, redacted: redactedPaths(snapshot.config) };
}

export async function listSnapshots(
  database: Database,
  query: { bot_id: string; limit: number; cursor?: [string] | undefined },
) {
  const { items, next_cursor } = await page<Snapshot>(
    query.limit,
    (limit) => store.snapshotsBefore(database, query.bot_id, query.cursor?.[0] ?? null, limit),
    ({ active_from }) => [active_from],
  );
  return { snapshots: items, next_cursor };
}

export async function activeSnapshot(database: Database, botId: string): Promise<SnapshotWithConfig> {
  const active = await store.currentSnapshot(database, botId);
  if (!active) throw new NotFound(`bot ${botId} has no active snapshot`);
  return active;
}

/** The snapshot that was active at an instant. @throws NotFound */
export async function snapshotAt(database: Database, botId: string, at: string): Promise<SnapshotWithConfig> {
  const found = await store.snapshotAt(database, botId, at);
  if (!found) throw new NotFound(`bot ${botId} had no active snapshot at ${at}`);
  return found;
}

/** A snapshot of a bot. That of another bot is unknown too, since the caller may not use that bot. @throws NotFound */
export async function snapshotOf(database: Database, botId: string, id: string): Promise<SnapshotWithConfig> {
  const found = await store.snapshot(database, id);
  if (found?.bot_id !== botId) throw new NotFound(`bot ${botId} has no snapshot ${id}`);
  return found;
}

export async function snapshotById(database: Database, id: string): Promise<SnapshotWithConfig> {
  const found = await store.snapshot(database, id);
  if (!found) throw new NotFound(`no snapshot ${id}`);
  return found;
}

/** The existing ones of these snapshots, in any order. */
export const snapshotsById = (database: Database, ids: readonly string[]): Promise<SnapshotWithConfig[]> =>
  store.snapshots(database, ids);

/** The changes of a snapshot against another, by default the previous one; none for the first snapshot. */
export async function snapshotChanges(database: Database, id: string, against: string | undefined) {
  const snapshot = await snapshotById(database, id);
  const other =
    against === undefined ? await store.snapshotBefore(database, snapshot) : await snapshotById(database, against);
  return { against: other?.snapshot_id ?? null, changes: other ? changesBetween(other.config, snapshot.config) : [] };
}
