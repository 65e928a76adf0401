import type { ArmName } from '../../statistics/gates.ts';
import { sum } from '../../statistics/sum.ts';

/** Sums over the trades of one arm. */
export interface ArmSums {
  readonly trades: number;
  readonly winning: number;
  readonly losing: number;
  /** USD. */
  readonly pnl: number;
  /** Trades entered with the settings that were assigned. */
  readonly followed: number;
  /** Sum over the trades of the share of their hold time after the end of their block. */
  readonly held_after: number;
}

/** Both arms of a pair. */
export type PairSums = Readonly<Record<ArmName, ArmSums>>;

/** What an arm of a pair earned with the trades that closed on one day. */
export interface ClosingDay extends ArmSums {
  readonly date: string;
  readonly arm: ArmName;
}

/** A pair that ended, with its trades by closing day. */
export interface EndedPair {
  readonly pair: number;
  /** The completed trading day after which it counts. */
  readonly settles_on: string;
  readonly days: readonly ClosingDay[];
}

/** The sums of a pair over the trades that had closed by the end of a day. */
export const sumsThrough = ({ days }: EndedPair, date: string): PairSums => {
  const closed = days.filter((day) => day.date <= date);
  return {
    baseline: total(closed.filter(({ arm }) => arm === 'baseline')),
    candidate: total(closed.filter(({ arm }) => arm === 'candidate')),
  };
};

export const total = (parts: readonly ArmSums[]): ArmSums => ({
  trades: sum(parts, (part) => part.trades),
  winning: sum(parts, (part) => part.winning),
  losing: sum(parts, (part) => part.losing),
  pnl: sum(parts, (part) => part.pnl),
  followed: sum(parts, (part) => part.followed),
  held_after: sum(parts, (part) => part.held_after),
});
