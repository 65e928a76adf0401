/** The numbers that decide how a trade, a day or a strategy counts. Each stands here once: SQL has those of `sqlThresholds` as a
 *  function of the same name (`breakeven_usd()`), and texts print them from here. */

export const sqlThresholds = {
  /** USD. A trade is winning above it, losing below minus it, and breakeven in between. */
  breakeven_usd: 0.01,
  /** Seconds. A trade held for less is a fast exit. */
  fast_exit_seconds: 60,
  /** Share of an order's matched size below which a part is dust and joins the largest part. */
  dust_share: 0.01,
  /** Decimal places of a trade's P&L. */
  pnl_decimals: 12,
  /** Closing fills that one call matches; the rest waits for the next call or run. */
  match_budget: 20_000,
} as const;

export const thresholds = {
  ...sqlThresholds,
  /** What each arm needs before a verdict looks at anything (statistics: without the last two, rare big wins are reverted falsely). */
  gates: {
    days: 7,
    trades: 30,
    /** Winning trades, and losing trades. */
    of_a_kind: 10,
    /** The same for a kind that is rare in both arms … */
    of_a_rare_kind: 15,
    /** … that is, under this share of the arm's trades. */
    rare_share: 0.1,
  },
  /** Share of what an arm bought that is still open, above which its P&L says too little. */
  open_share: 0.1,
  /** What users work to, unless they set their own: percent, ratio, USD per trade, percent. */
  targets: { win_rate: 25, profit_factor: 1.5, expectancy_usd: 0.1, fast_exit_rate: 5 },
  /** USD per trade. A smaller difference does not matter, unless users set their own. */
  material_usd: 0.05,
} as const;
