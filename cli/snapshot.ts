import { nameOf } from '../functions/report/document/format.ts';
import type { Snapshot } from '../functions/snapshots/contract.ts';

/** An instant to the minute, in UTC. @example minute('2026-11-22T08:00:12.000000Z') // '2026-11-22 08:00' */
export const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** A snapshot in a sentence, so that nobody takes one for another. */
export function described(snapshot: Snapshot): string {
  const { snapshot_id, notes, active_from, active_until, rollback_of } = snapshot;
  const name = notes ? `Snapshot ${snapshot_id}, ${nameOf(snapshot)}` : `Snapshot ${snapshot_id}`;
  const until = active_until === null ? 'active' : `until ${minute(active_until)}`;
  return `${name}: from ${minute(active_from)} UTC, ${until}${rollback_of === null ? '' : `; it rolled back to snapshot ${rollback_of}`}.`;
}
