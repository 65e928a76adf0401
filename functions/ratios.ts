/** The formulas of all ratios: times × numerator / denominator, null when the denominator is 0. SQL has a function of the same name for
 *  each (`win_rate(winning_trades, total_trades)`), which multiplies first and divides last. Ratios of several days or groups are
 *  computed from their sums, never from other ratios. */
export const ratios = {
  /** Percent. */
  win_rate: { numerator: 'winning_trades', denominator: 'total_trades', times: 100 },
  profit_factor: { numerator: 'gross_profit_usd', denominator: 'gross_loss_usd', times: 1 },
  /** USD per trade. */
  expectancy_usd: { numerator: 'total_pnl_usd', denominator: 'total_trades', times: 1 },
  avg_win_usd: { numerator: 'winning_pnl_usd', denominator: 'winning_trades', times: 1 },
  avg_loss_usd: { numerator: 'losing_pnl_usd', denominator: 'losing_trades', times: 1 },
  avg_hold_time_seconds: { numerator: 'hold_seconds_sum', denominator: 'total_trades', times: 1 },
  /** Percent of trades. */
  fast_exit_rate: { numerator: 'fast_exits_count', denominator: 'total_trades', times: 100 },
  /** USD per calendar day. */
  pnl_per_day_usd: { numerator: 'total_pnl_usd', denominator: 'calendar_days', times: 1 },
  /** Percent of the orders placed by strategies. */
  link_rate: { numerator: 'linked_orders', denominator: 'strategy_orders', times: 100 },
} as const;

export type Ratio = keyof typeof ratios;

/** Computes a ratio. @example ratioOf('win_rate', 28, 210) // 13.33… */
export const ratioOf = (ratio: Ratio, numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : (numerator * ratios[ratio].times) / denominator;
