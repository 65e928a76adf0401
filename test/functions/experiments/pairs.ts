import type { EndedPair } from '../../../functions/experiments/verdict/pair.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';

interface Arms {
  readonly trades: readonly number[];
  readonly pnl: readonly number[];
  readonly winning?: readonly number[];
}

/** Pairs of one-day blocks from 2026-01-01 on, each of whose trades close on its second day; trades that do not win lose. */
export function pairsOf({ baseline, candidate }: { baseline: Arms; candidate: Arms }): EndedPair[] {
  return baseline.trades.map((_, i) => {
    const date = dayAfter('2026-01-01', 2 * i + 1);
    const day = (arm: 'baseline' | 'candidate', { trades, pnl, winning }: Arms) => {
      const [n = 0, won = 0] = [trades[i], winning?.[i]];
      return { date, arm, trades: n, pnl: pnl[i] ?? 0, winning: won, losing: n - won, followed: n, held_after: 0 };
    };
    return { pair: i + 1, settles_on: date, days: [day('baseline', baseline), day('candidate', candidate)] };
  });
}

/** The twelve pairs that the method is checked against. */
export const armsOfX = {
  baseline: {
    trades: [4, 5, 2, 3, 7, 6, 3, 5, 2, 3, 2, 4],
    pnl: [6.9, 2.6, 1, 0, -2.8, -3.5, -4.2, 3, -1.3, 1.5, -3.3, -0.9],
    winning: [4, 4, 1, 1, 3, 1, 0, 4, 1, 2, 0, 2],
  },
  candidate: {
    trades: [3, 2, 4, 6, 4, 6, 5, 4, 2, 6, 5, 5],
    pnl: [7.4, 0.8, 7.4, 1.8, 3.8, -0.5, 0.7, 9.8, 1.9, 5, -2.7, 4.4],
    winning: [3, 1, 4, 3, 3, 1, 3, 4, 1, 4, 2, 4],
  },
};
export const X = pairsOf(armsOfX);
