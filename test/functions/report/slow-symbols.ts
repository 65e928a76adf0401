/** The evidence on a symbol once more, naively, from a list of trades and the published formulas: no sums, no shared code. */
export interface SlowTrade {
  readonly symbol: string;
  readonly pnl: number;
  readonly hold_seconds: number;
  readonly closed_on: string;
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

/** 2·(−2 ln α + ln(1 − 2 ln α)) at α = 0.05. */
const MIXTURE_WIDTH = 15.87230920347513;

interface Mean {
  readonly theta: number;
  readonly variance: number;
  readonly df: number;
}

/** The mean per trade with the days as clusters; null without a variance. */
function meanOf(trades: readonly SlowTrade[]): Mean | null {
  const days = [...new Set(trades.map(({ closed_on }) => closed_on))].map((day) =>
    trades.filter(({ closed_on }) => closed_on === day).map(({ pnl }) => pnl),
  );
  if (days.length < 2) return null;
  const n = trades.length;
  const theta = total(trades.map(({ pnl }) => pnl)) / n;
  let [variance, squares, s1, s2] = [0, 0, 0, 0];
  for (const pnl of days) {
    const h = pnl.length / n;
    const s = h ** 2 / (1 - h);
    variance += ((total(pnl) - theta * pnl.length) / n) ** 2 / (1 - h);
    squares += h ** 2;
    s1 += s;
    s2 += s ** 2;
  }
  return variance > 1e-20 ? { theta, variance, df: 1 / (squares + s1 ** 2 - s2) } : null;
}

/** Enough days and trades, and enough wins and losses: 10 of each, or 60 of a kind that is less than a tenth. */
function isEnough(trades: readonly SlowTrade[]): boolean {
  const days = new Set(trades.map(({ closed_on }) => closed_on)).size;
  const winning = trades.filter(({ pnl }) => pnl > 0.01).length;
  const losing = trades.filter(({ pnl }) => pnl < -0.01).length;
  const enough = (kind: number) => kind >= (kind < trades.length / 10 ? 60 : 10);
  return days >= 7 && trades.length >= 30 && enough(winning) && enough(losing);
}

/** @param trades of one symbol, in all periods of the configuration, up to the last completed day
 *  @param startedOn the first day of the configuration
 *  @param symbols how many it has traded */
export function slowEvidence(trades: readonly SlowTrade[], startedOn: string, symbols: number) {
  const holds = trades.map(({ hold_seconds }) => hold_seconds).toSorted((a, b) => a - b);
  // The upper edge of the power of two in which it lies.
  const p95 = 2 ** (1 + Math.floor(Math.log2(Math.max(1, holds[Math.ceil(0.95 * holds.length) - 1] ?? 1))));
  const leftOut = p95 < 43_200 ? 0 : Math.ceil(p95 / 86_400);
  const from = new Date(Date.parse(startedOn) + leftOut * 86_400_000).toISOString().slice(0, 10);
  const mature = trades.filter(({ closed_on }) => closed_on >= from);

  const dates = [...new Set(mature.map(({ closed_on }) => closed_on))].toSorted();
  let tau2: number | null = null;
  for (const [i, date] of dates.entries()) {
    const until = mature.filter(({ closed_on }) => closed_on <= date);
    const mean = meanOf(until);
    if (isEnough(until) && mean) {
      tau2 = ((MIXTURE_WIDTH / 2) * mean.variance * (i + 1)) / 30;
      break;
    }
  }
  const mean = meanOf(mature);
  if (tau2 === null || mean === null) return null;
  const { theta, variance, df } = mean;
  const r = variance / (variance + tau2);
  const q = (r * (0.05 / symbols) ** 2) ** (1 / (df + 1));
  if (q <= r) return null;
  const half = Math.sqrt(variance) * Math.sqrt((df * (1 - q)) / (q - r));
  return { days: dates.length, trades: mature.length, theta, lower: theta - half, upper: theta + half };
}
