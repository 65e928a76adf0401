const DAY_SECONDS = 86_400;

/** Histogram of hold times: key k counts the trades held for 2^k to 2^(k+1) seconds. */
export type HoldBuckets = Readonly<Record<string, number>>;

/** The 95th percentile of hold times, in seconds, rounded up to the edge of its bucket. null without trades. */
export function p95HoldSeconds(buckets: readonly HoldBuckets[]): number | null {
  const counts = new Map<number, number>();
  for (const bucket of buckets)
    for (const [k, n] of Object.entries(bucket)) counts.set(Number(k), (counts.get(Number(k)) ?? 0) + n);
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  let seen = 0;
  for (const [k, n] of [...counts].sort(([a], [b]) => a - b)) {
    seen += n;
    if (seen >= 0.95 * total) return 2 ** (k + 1);
  }
  return null;
}

/** Number of a candidate's first days to leave out. Trades count on the day they close, so a new candidate has no slow trades yet.
 *  0 while the baseline's 95th percentile is under half a day. */
export function daysToMature(baseline: readonly HoldBuckets[]): number {
  const p95 = p95HoldSeconds(baseline);
  return p95 === null || p95 < DAY_SECONDS / 2 ? 0 : Math.ceil(p95 / DAY_SECONDS);
}
