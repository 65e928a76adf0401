import type { SnapshotOfArm } from './store.ts';

/** Which snapshot meets which. */
export interface Pair {
  readonly baseline: SnapshotOfArm;
  readonly candidate: SnapshotOfArm;
  /** The candidate's arm is the j-th of those whose default baseline is this baseline's arm, by their beginning. */
  readonly share: number;
  /** Not the pair that would be compared by default. */
  readonly exploratory: boolean;
}

/** The latest snapshot before this one that has another configuration, and trades.
 *  @param snapshots the oldest first */
export function defaultBaseline(snapshots: readonly SnapshotOfArm[], candidate: SnapshotOfArm): SnapshotOfArm | null {
  const before = snapshots.slice(0, snapshots.indexOf(candidate));
  return before.findLast(({ config_hash, traded }) => traded && config_hash !== candidate.config_hash) ?? null;
}

/** The pair to compare: by default the latest snapshot with its default baseline. null when there is no baseline. */
export function pairOf(
  snapshots: readonly SnapshotOfArm[],
  asked: { readonly candidate: SnapshotOfArm; readonly baseline: SnapshotOfArm | undefined },
): Pair | null {
  const { candidate } = asked;
  const usual = defaultBaseline(snapshots, candidate);
  const baseline = asked.baseline ?? usual;
  if (!baseline) return null;
  const isUsual = candidate === snapshots.at(-1) && baseline.config_hash === usual?.config_hash;
  return { baseline, candidate, share: shareOf(snapshots, { candidate, baseline }), exploratory: !isUsual };
}

/** Earlier candidates against the same baseline keep their share of the error rate; this one has what is left to the j-th. */
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
