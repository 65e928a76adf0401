import { shortId } from '../../functions/formatting.ts';
import type { Snapshot } from '../../functions/snapshots/contract.ts';

export interface Period {
  readonly active_from: string;
  readonly active_until: string | null;
}

export interface StoredPeriod extends Period {
  readonly snapshot_id: Snapshot['snapshot_id'];
}

interface Periods {
  /** The periods in the service. */
  readonly stored: readonly StoredPeriod[];
  /** The imported periods, oldest first. */
  readonly imported: readonly Period[];
  /** Whether the user states the period, so that it may end an active snapshot. */
  readonly isStated?: boolean;
}

/** Determines the end with which the service can store a past period among the stored ones, or why it cannot. The service ends only the
 *  active snapshot, by starting the next one, and accepts a closed period only where there is no other. */
export function fitted(
  period: Period,
  { stored, imported, isStated = false }: Periods,
): Pick<Period, 'active_until'> | { refused: string } {
  const same = stored.find(({ active_from }) => active_from === period.active_from);
  if (same) return { active_until: same.active_until };

  const around = stored.find(
    ({ active_from, active_until }) =>
      active_from < period.active_from && (active_until === null || active_until > period.active_from),
  );
  const nextStored = stored
    .map(({ active_from }) => active_from)
    .filter((from) => from > period.active_from)
    .sort()[0];
  if (!around)
    return { active_until: [period.active_until, nextStored].filter((end) => end != null).sort()[0] ?? null };

  const nextImported = imported.find(({ active_from }) => active_from > period.active_from)?.active_from;
  // If it has the same configuration, the service changes nothing.
  if (isStated && around.active_until === null) return { active_until: null };
  const goesOn = around.active_until === null && imported.some(({ active_from }) => active_from === around.active_from);
  if (!goesOn)
    return { refused: `snapshot ${shortId(around.snapshot_id)} has been active since ${around.active_from}` };
  // It becomes active, until the next one of the import ends it.
  if (period.active_until === null || period.active_until === nextImported) return { active_until: null };
  return { refused: `the service cannot end it at ${period.active_until}, where no snapshot begins` };
}
