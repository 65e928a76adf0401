import jstat from 'jstat';
import type { SimulatedDay } from './world.ts';

/** The naive alternative: Welch's t-test over trades at 5 %, checked every day until it is significant.
 *  @returns the first significant day after the gates, or null */
export function dailyTTest(
  baseline: readonly SimulatedDay[],
  candidate: readonly SimulatedDay[],
  from: string,
): string | null {
  const before = sample(baseline);
  for (let i = 1; i <= candidate.length; i++) {
    const date = candidate[i - 1]?.date ?? '';
    if (date < from) continue;
    const since = sample(candidate.slice(0, i));
    const [a, b] = [before.variance / before.n, since.variance / since.n];
    const df = (a + b) ** 2 / (a ** 2 / (before.n - 1) + b ** 2 / (since.n - 1));
    if (Math.abs(since.mean - before.mean) > jstat.jStat.studentt.inv(0.975, df) * Math.sqrt(a + b)) return date;
  }
  return null;
}

function sample(days: readonly SimulatedDay[]): { n: number; mean: number; variance: number } {
  let [n, total, squares] = [0, 0, 0];
  for (const day of days) {
    n += day.trades;
    total += day.pnl;
    squares += day.squares;
  }
  return { n, mean: total / n, variance: (squares - total ** 2 / n) / (n - 1) };
}
