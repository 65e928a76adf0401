import { sum } from '../../statistics/sum.ts';

/** Sizes of the bets. */
const BETS = [0.25, 0.5, 1];

/** The natural logarithm of the coin test's e-value: what half a dollar, bet on the sign of the difference in the order of every pair, would
 *  have become. Without a difference between the settings the signs are those of fair coins, in any market, so that it is a test
 *  martingale (Fisher 1935; Vovk & Wang, arXiv 2208.08925).
 *  @param contrasts z of each pair, oldest first
 *  @param sign 1 to bet on the candidate, −1 on the baseline
 *  @example logCoinE(Array(8).fill(1), 1) // ln 19.8985… */
export function logCoinE(contrasts: readonly number[], sign: 1 | -1): number {
  let squares = 0;
  const scaled = contrasts.map((z, i) => {
    squares += z ** 2;
    return squares === 0 ? 0 : z / Math.sqrt(squares / (i + 1));
  });
  const logs = BETS.map((bet) => sum(scaled, (x) => Math.LN2 - softplus(-2 * bet * sign * x)));
  const largest = Math.max(...logs);
  return largest + Math.log(sum(logs, (log) => Math.exp(log - largest)) / BETS.length) - Math.LN2;
}

/** ln(1 + eˣ). */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
