import { count, counted, factor, usd } from './format.ts';
import type { BotSection } from './report.ts';

/** A day in a line or two. */
export function daySentence(day: BotSection['day'], coverage: BotSection['coverage']): string {
  if (day.total_trades === 0 && coverage.orders === 0) return 'No orders were filled and no trades were closed.';
  const parts = [
    `${count(day.winning_trades)} won, ${count(day.losing_trades)} lost, ${count(day.breakeven_trades)} broke even`,
    `profit factor ${factor(day.profit_factor)}`,
    `expectancy ${usd(day.expectancy_usd)}`,
    `${counted(day.fast_exits_count, 'fast exit')}`,
    `${counted(day.unmatched_sells, 'unmatched sell')}`,
  ];
  const { linked, by_time, none, manual } = coverage;
  return `${parts.join(', ')}. Orders: ${count(linked)} linked, ${count(by_time)} by time, ${count(none)} without a strategy, ${count(manual)} by hand.`;
}
