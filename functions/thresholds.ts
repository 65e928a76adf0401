/** The numbers that classify trades, days and strategies, each defined only here. SQL reads those in `sqlThresholds` through a function
 *  of the same name (`breakeven_usd()`); texts print them from here. */

export const sqlThresholds = {
  /** USD. A trade above it is winning, a trade below its negative is losing, and any other is breakeven. */
  breakeven_usd: 0.01,
  /** Seconds. A trade held for less is a fast exit. */
  fast_exit_seconds: 60,
  /** Share of an order's matched size. A smaller part is dust and is merged into the largest part. */
  dust_share: 0.01,
  /** Decimal places of a trade's P&L. */
  pnl_decimals: 12,
} as const;

export const thresholds = {
  ...sqlThresholds,
  /** Fills of one book that one call rematches; above it, new fills of the book wait for the night, or for a summary or report before it. */
  match_budget: 50_000,
  /** Fills of one book that are rematched without a lock, from one statement; above it, they are read in pages under the lock. */
  match_at_once: 3000,
  /** Error rate that all verdicts against one baseline share. */
  alpha: 0.05,
  /** Least data that each arm needs before the first look. Without the last two, strategies with rare large wins are reverted falsely. */
  gates: {
    days: 7,
    trades: 30,
    /** Winning trades, and also losing trades. */
    of_a_kind: 10,
    /** The same when that kind is rare in both arms … */
    of_a_kind_rare_in_both: 15,
    /** … or in this arm only. */
    of_a_kind_rare_in_one: 60,
    /** Rare: below this share of the arm's trades. */
    rare_share: 0.1,
  },
  experiments: {
    /** Least settled pairs with trades before the first look. */
    pairs: 7,
    /** Shares of trades entered with the assigned settings: enough for a look, and for no caveat. */
    followed: { enough: 0.75, full: 0.95 },
    /** Least e-values that show that void pairs, or the orders, are no fair coin's. */
    unfair: { voids: 20, orders: 1000 },
    /** Largest |t| of the correlation between difference and mean that is not a caveat. */
    uneven: 3,
    /** Largest mean share of the hold time after the end of a block that is not a caveat. */
    held_after: 0.1,
  },
  /** Share of an arm's purchases that is still open. Above it, the realized P&L is labeled as incomplete. */
  open_share: 0.1,
  /** Default targets: percent, ratio, USD per trade, percent. */
  targets: { win_rate: 25, profit_factor: 1.5, expectancy_usd: 0.1, fast_exit_rate: 5 },
  /** Default for the smallest difference that matters, in USD per trade. */
  material_usd: 0.05,
  /** Least trades of a symbol to be called best or worst of a day or week. */
  symbols: { min_trades: 5 },
  /** Which bots the nightly check reports as poorly linked: with at least this many orders, a link rate below this, in percent. */
  poorly_linked: { min_orders: 5, link_rate: 90 },
} as const;
