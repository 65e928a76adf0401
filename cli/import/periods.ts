export interface Period {
  readonly active_from: string;
  readonly active_until: string | null;
}

export interface StoredPeriod extends Period {
  readonly snapshot_id: string;
}

interface Around {
  /** What stands in the service. */
  readonly stored: readonly StoredPeriod[];
  /** What is imported, in the order of time. */
  readonly imported: readonly Period[];
}

/** With which end the service can take a period of the past beside those that stand there, or why it cannot: it ends only the
 *  active snapshot, by starting the next, and takes closed periods where nothing stands. */
export function fitted(
  period: Period,
  { stored, imported }: Around,
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
  const goesOn = around.active_until === null && imported.some(({ active_from }) => active_from === around.active_from);
  if (!goesOn) return { refused: `the snapshot ${around.snapshot_id} stands there since ${around.active_from}` };
  // It becomes active, until the next one of the import ends it.
  if (period.active_until === null || period.active_until === nextImported) return { active_until: null };
  return { refused: `the service cannot end it at ${period.active_until}, where no snapshot begins` };
}
