import type { SnapshotOfArm } from './store.ts';

/** The two snapshots to compare. */
export interface Pair {
  readonly baseline: SnapshotOfArm;
  readonly candidate: SnapshotOfArm;
  /** j: the candidate's arm is the j-th, by start, that has this baseline's arm as its default baseline. */
  readonly share: number;
  /** Whether the pair differs from the default one. */
  readonly exploratory: boolean;
}

/** The latest snapshot before the candidate with a different configuration and with trades.
 *  @param snapshots oldest first */
export function defaultBaseline(snapshots: readonly SnapshotOfArm[], candidate: SnapshotOfArm): SnapshotOfArm | null {
  const before = snapshots.slice(0, snapshots.indexOf(candidate));
  return before.findLast(({ config_hash, traded }) => traded && config_hash !== candidate.config_hash) ?? null;
}

/** Chooses the pair to compare: by default the latest snapshot and its default baseline. null when there is no baseline. */
export function pairOf(
  snapshots: readonly SnapshotOfArm[],
  requested: { readonly candidate: SnapshotOfArm; readonly baseline: SnapshotOfArm | undefined },
): Pair | null {
  const { candidate } = requested;
  const usual = defaultBaseline(snapshots, candidate);
  const baseline = requested.baseline ?? usual;
  if (!baseline) return null;
  const isDefault = candidate === snapshots.at(-1) && baseline.config_hash === usual?.config_hash;
  return { baseline, candidate, share: shareOf(snapshots, { candidate, baseline }), exploratory: !isDefault };
}

/** Counts the candidates against one baseline up to this one. Each has its own share of the error rate: see `alphaOf`. */
function shareOf(
  snapshots: readonly SnapshotOfArm[],
  { candidate, baseline }: { candidate: SnapshotOfArm; baseline: SnapshotOfArm },
): number {
  const earlier = snapshots
    .slice(0, snapshots.indexOf(candidate))
    .filter((other) => defaultBaseline(snapshots, other)?.config_hash === baseline.config_hash)
    .map(({ config_hash }) => config_hash);
  return new Set(earlier.filter((hash) => hash !== candidate.config_hash)).size + 1;
}
