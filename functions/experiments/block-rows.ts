import type { ArmName } from '../statistics/gates.ts';
import type { ScheduledPair } from './schedule/schedule.ts';
import { timeOf } from './time.ts';

/** A block as `experiment_blocks` stores it. */
interface BlockRow {
  readonly pair: number;
  readonly arm: ArmName;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly broken_in: ArmName | null;
  readonly void_reason: string | null;
}

export const blockRows = (pairs: readonly ScheduledPair[]): BlockRow[] =>
  pairs.flatMap(({ pair, blocks, broken_in }) =>
    blocks.map(({ arm, from, until }) => ({
      ...{ pair, arm, starts_at: timeOf(from), ends_at: timeOf(until) },
      ...{ broken_in, void_reason: broken_in && 'paused' },
    })),
  );

/** A void pair of an imported test. */
export interface Void {
  readonly pair: number;
  readonly arm?: ArmName | null | undefined;
  readonly reason?: string | null | undefined;
}

/** Marks void pairs. One without an arm counts as broken off in its first block. */
export function withVoids(blocks: readonly BlockRow[], voids: readonly Void[]): BlockRow[] {
  const byPair = new Map(voids.map((each) => [each.pair, each]));
  const firsts = new Map(blocks.toReversed().map(({ pair, arm }) => [pair, arm]));
  return blocks.map((block) => {
    const found = byPair.get(block.pair);
    return found
      ? { ...block, broken_in: found.arm ?? firsts.get(block.pair) ?? 'baseline', void_reason: found.reason ?? null }
      : block;
  });
}
