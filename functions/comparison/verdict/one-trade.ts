import { usd } from '../../formatting.ts';
import { type ArmName, arms } from '../../statistics/gates.ts';
import { sum } from '../../statistics/sum.ts';
import type { ArmRow } from './arm.ts';
import type { Verdict } from './contract.ts';

type Without = Verdict['without'][number];

/** The difference in expectancy without the best and without the worst trade of each arm, where there is one. Up to four. */
export function withoutSingleTrades(rows: Readonly<Record<ArmName, readonly ArmRow[]>>): Without[] {
  return arms.flatMap((arm) => {
    const best = Math.max(0, ...rows[arm].map((row) => row.largest_win_usd ?? 0));
    const worst = Math.min(0, ...rows[arm].map((row) => row.largest_loss_usd ?? 0));
    return [best, worst].flatMap((trade_pnl_usd): Without[] => {
      const expectancy = (each: ArmName) => meanOf(rows[each], each === arm ? trade_pnl_usd : 0);
      const [baseline, candidate] = [expectancy('baseline'), expectancy('candidate')];
      if (trade_pnl_usd === 0 || baseline === null || candidate === null) return [];
      const trade = trade_pnl_usd > 0 ? 'best' : 'worst';
      return [{ arm, trade, trade_pnl_usd, baseline, candidate, difference: candidate - baseline }];
    });
  });
}

/** Sentences about single trades that decide the sign of the difference: without one of them it would have the other sign. Empty when no
 *  trade does. */
export function decidingTrades(difference: number | null, without: readonly Without[]): string[] {
  if (difference === null || difference === 0) return [];
  return without
    .filter((each) => each.difference * difference <= 0)
    .map((each) => {
      const size = `${usd(Math.abs(each.difference))} ${each.difference < 0 ? 'less' : 'more'}`;
      return `Without the ${each.trade} trade of the ${names[each.arm]} settings (${usd(each.trade_pnl_usd)}), the new settings would earn ${size} per trade than the old ones: one trade is not a strategy.`;
    });
}

const names = { baseline: 'old', candidate: 'new' };

/** P&L per trade, without one trade with this P&L, if it is not 0. */
function meanOf(rows: readonly ArmRow[], without: number): number | null {
  const trades = sum(rows, (row) => row.total_trades) - (without === 0 ? 0 : 1);
  return trades <= 0 ? null : (sum(rows, (row) => row.total_pnl_usd) - without) / trades;
}

/** The difference in P&L per trade; null when an arm has no trades. */
export function differenceOf(rows: Readonly<Record<ArmName, readonly ArmRow[]>>): number | null {
  const [from, to] = [meanOf(rows.baseline, 0), meanOf(rows.candidate, 0)];
  return from === null || to === null ? null : to - from;
}
