import { MIXTURE_WIDTH } from '../../../functions/statistics/mixture.ts';

/** The method once more, naively, from a list of trades: no sums, no shared code but the width of the mixture. */
export interface SlowTrade {
  readonly pair: number;
  readonly arm: 0 | 1;
  readonly pnl: number;
  readonly closed_on: string;
}

export interface SlowReading {
  readonly difference: number;
  readonly variance: number;
  readonly df: number;
  readonly ln_e_t: number;
  readonly ln_e_c: number;
}

/** The evidence after a day; null when there is too little of it.
 *  @param settles the day on which each whole pair settles, by its number
 *  @param tau2 fixed at the first look; null: this is the first */
export function slowReading(
  trades: readonly SlowTrade[],
  settles: ReadonlyMap<number, string>,
  { date, tau2 }: { date: string; tau2: number | null },
): (SlowReading & { readonly tau2: number }) | null {
  const settled = [...settles].filter(([, day]) => day <= date).map(([pair]) => pair);
  const known = trades.filter(({ pair, closed_on }) => settled.includes(pair) && closed_on <= date);
  const of = (pair: number, arm: 0 | 1) => known.filter((trade) => trade.pair === pair && trade.arm === arm);
  const all = (pair: number) => known.filter((trade) => trade.pair === pair);
  const total = (some: readonly SlowTrade[]) => some.reduce((sum, { pnl }) => sum + pnl, 0);

  const clusters: { z: number; k: number }[] = [];
  for (const [i, pair] of settled.entries()) {
    if (all(pair).length === 0) continue;
    let window: SlowTrade[] = [];
    for (let j = i; j >= 0 && (j === i || window.length < 20); j--) window = [...all(settled[j] ?? 0), ...window];
    const c = total(window) / window.length;
    const p = window.filter(({ arm }) => arm === 1).length / window.length;
    const gain = (arm: 0 | 1) => total(of(pair, arm)) - c * of(pair, arm).length;
    let z = gain(1) - gain(0);
    if (Math.abs(z) <= 1e-12 * (Math.abs(total(of(pair, 0))) + Math.abs(total(of(pair, 1))))) z = 0;
    clusters.push({ z, k: (1 - p) * of(pair, 1).length + p * of(pair, 0).length });
  }

  const weight = clusters.reduce((sum, { k }) => sum + k, 0);
  if (clusters.length < 2 || clusters.some(({ k }) => k >= weight)) return null;
  const difference = clusters.reduce((sum, { z }) => sum + z, 0) / weight;
  const size = clusters.reduce((sum, { z }) => sum + Math.abs(z), 0) / weight;
  let variance = 0;
  let [squares, s1, s2] = [0, 0, 0];
  for (const { z, k } of clusters) {
    const h = k / weight;
    variance += ((z - difference * k) / weight) ** 2 / (1 - h);
    squares += h * h;
    s1 += (h * h) / (1 - h);
    s2 += ((h * h) / (1 - h)) ** 2;
  }
  if (!(variance > 1e-24 * size * size)) return null;
  const df = 1 / (squares + s1 * s1 - s2);

  const tau = tau2 ?? ((MIXTURE_WIDTH / 2) * variance * clusters.length) / 30;
  const r = variance / (variance + tau);
  const t2 = (difference * difference) / variance;
  const ln_e_t = Math.log(r) / 2 + ((df + 1) / 2) * (Math.log(1 + t2 / df) - Math.log(1 + (r * t2) / df));

  const sign = difference >= 0 ? 1 : -1;
  const wealth = [0.25, 0.5, 1].map((bet) => {
    let [money, sum] = [1, 0];
    for (const [i, { z }] of clusters.entries()) {
      sum += z * z;
      const x = sum === 0 ? 0 : z / Math.sqrt(sum / (i + 1));
      money *= 2 / (1 + Math.exp(-2 * bet * sign * x));
    }
    return money;
  });
  const ln_e_c = Math.log((wealth[0] ?? 0) + (wealth[1] ?? 0) + (wealth[2] ?? 0)) - Math.log(6);
  return { difference, variance, df, ln_e_t, ln_e_c, tau2: tau };
}
