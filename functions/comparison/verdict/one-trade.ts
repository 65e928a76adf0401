import { usd } from '../../formatting.ts';
import { type ArmName, arms } from '../../statistics/gates.ts';
import { sum } from '../../statistics/sum.ts';
import type { ArmRow } from './arm.ts';

/** Sentences about single trades that decide the sign of the difference in expectancy: without the best or the worst trade of an arm it would
 *  have the other one. Empty when no trade does. */
export function decidingTrades(rows: Readonly<Record<ArmName, readonly ArmRow[]>>): string[] {
  const difference = differenceOf(meanOf(rows.baseline, 0), meanOf(rows.candidate, 0));
  if (difference === null || difference === 0) return [];
  return arms.flatMap((arm) => {
    const best = Math.max(0, ...rows[arm].map((row) => row.largest_win_usd ?? 0));
    const worst = Math.min(0, ...rows[arm].map((row) => row.largest_loss_usd ?? 0));
    return [best, worst].flatMap((trade) => {
      const without = (each: ArmName) => meanOf(rows[each], each === arm ? trade : 0);
      const left = differenceOf(without('baseline'), without('candidate'));
      if (trade === 0 || left === null || left * difference > 0) return [];
      const size = `${usd(Math.abs(left))} ${left < 0 ? 'less' : 'more'}`;
      return [
        `Without the ${trade > 0 ? 'best' : 'worst'} trade of the ${names[arm]} settings (${usd(trade)}), the new settings would earn ${size} per trade than the old ones: one trade is not a strategy.`,
      ];
    });
  });
}

const names = { baseline: 'old', candidate: 'new' };

/** P&L per trade, without one trade with this P&L, if it is not 0. */
function meanOf(rows: readonly ArmRow[], without: number): number | null {
  const trades = sum(rows, (row) => row.total_trades) - (without === 0 ? 0 : 1);
  return trades <= 0 ? null : (sum(rows, (row) => row.total_pnl_usd) - without) / trades;
}

const differenceOf = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : to - from;
