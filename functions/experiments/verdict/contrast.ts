import type { Cluster } from '../../statistics/estimate.ts';
import { sum } from '../../statistics/sum.ts';
import type { ArmSums, PairSums } from './pair.ts';

/** Least trades of a window: a pair and as many before it as that takes. */
const WINDOW_TRADES = 20;

/** Share of an amount below which a contrast is a rounding error. */
const ROUNDING = 1e-12;

/** The contrast of each pair with a trade: z, what its candidate earned above the level of its window minus what its baseline did, as
 *  `total`; k, its effective number of trades, as `weight`. A pair without trades counts nowhere.
 *  @param pairs the settled pairs, oldest first */
export function contrasts(pairs: readonly PairSums[], totalOf: (arm: ArmSums) => number): Cluster[] {
  return pairs.flatMap((pair, i): Cluster[] => {
    const { baseline, candidate } = pair;
    if (tradesOf(pair) === 0) return [];
    const window = windowOf(pairs, i);
    const trades = sum(window, tradesOf);
    const level = sum(window, (each) => totalOf(each.baseline) + totalOf(each.candidate)) / trades;
    const share = sum(window, (each) => each.candidate.trades) / trades;
    const z = totalOf(candidate) - level * candidate.trades - (totalOf(baseline) - level * baseline.trades);
    const isZero = Math.abs(z) <= ROUNDING * (Math.abs(totalOf(baseline)) + Math.abs(totalOf(candidate)));
    return [{ total: isZero ? 0 : z, weight: (1 - share) * candidate.trades + share * baseline.trades }];
  });
}

/** The difference per calendar day: z = Y₁ − Y₀, k = days of a block. */
export const contrastsPerDay = (pairs: readonly PairSums[], blockDays: number): Cluster[] =>
  pairs
    .filter((pair) => tradesOf(pair) > 0)
    .map(({ baseline, candidate }) => ({ total: candidate.pnl - baseline.pnl, weight: blockDays }));

export const tradesOf = ({ baseline, candidate }: PairSums): number => baseline.trades + candidate.trades;

function windowOf(pairs: readonly PairSums[], last: number): readonly PairSums[] {
  let [first, trades] = [last, tradesOf(pairs[last] as PairSums)];
  while (first > 0 && trades < WINDOW_TRADES) {
    first -= 1;
    trades += tradesOf(pairs[first] as PairSums);
  }
  return pairs.slice(first, last + 1);
}
