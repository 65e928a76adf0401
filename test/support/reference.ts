/** The thresholds as the documentation states them. Tests compare against these, never against the product's own. */

/** USD. A trade is winning above it, and losing below minus it. */
export const BREAKEVEN_USD = 0.01;

/** Seconds. A trade held for less is a fast exit. */
export const FAST_EXIT_SECONDS = 60;
