import { type Shortfall, tradeShortfalls } from '../../statistics/gates.ts';
import { thresholds } from '../../thresholds.ts';
import { tradesOf } from './contrast.ts';
import { type PairSums, total } from './pair.ts';

/** A gate that an experiment does not pass yet. */
export type ExperimentShortfall =
  | Shortfall
  | {
      readonly arm: 'both';
      /** Pairs with trades; percent of trades entered with the assigned settings; pairs that differ. */
      readonly what: 'pairs' | 'followed' | 'variance';
      readonly has: number;
      readonly needs: number;
    };

const { pairs: enough, followed: least } = thresholds.experiments;

/** The gates that the settled pairs do not pass yet. */
export function shortfalls(pairs: readonly PairSums[]): ExperimentShortfall[] {
  const arms = {
    baseline: total(pairs.map(({ baseline }) => baseline)),
    candidate: total(pairs.map(({ candidate }) => candidate)),
  };
  const withTrades = pairs.filter((pair) => tradesOf(pair) > 0).length;
  const followed = followedShare(pairs);
  return [
    ...(withTrades < enough ? [{ arm: 'both', what: 'pairs', has: withTrades, needs: enough } as const] : []),
    ...tradeShortfalls(arms),
    ...(followed !== null && followed < least.enough
      ? [{ arm: 'both', what: 'followed', has: followed * 100, needs: least.enough * 100 } as const]
      : []),
  ];
}

/** Share of trades entered with the settings that were assigned; null without trades. */
export function followedShare(pairs: readonly PairSums[]): number | null {
  const all = total(pairs.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  return all.trades === 0 ? null : all.followed / all.trades;
}

/** Further pairs with trades until all gates are passed at the pace so far; null when there is nothing yet of what is missing, or when more
 *  pairs do not help. */
export function pairsToPass(pairs: readonly PairSums[]): number | null {
  const done = pairs.filter((pair) => tradesOf(pair) > 0).length;
  const waits = shortfalls(pairs).map(({ what, has, needs }) => {
    if (what === 'pairs') return needs - has;
    return what === 'followed' || what === 'variance' || has === 0 ? null : Math.ceil(((needs - has) * done) / has);
  });
  return waits.includes(null) ? null : Math.max(0, ...waits.map(Number));
}
