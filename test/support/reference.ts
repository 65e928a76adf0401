/** Thresholds as documented. Tests compare with these, never with the product's own constants. */

/** USD. A trade above it is winning, and below its negative losing. */
export const BREAKEVEN_USD = 0.01;

/** Seconds. A trade held for less is a fast exit. */
export const FAST_EXIT_SECONDS = 60;
