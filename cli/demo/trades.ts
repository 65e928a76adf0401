import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { thresholds } from '../../functions/thresholds.ts';

const { fast_exit_seconds: FAST } = thresholds;

/** The totals of a strategy's trades; everything else is random. P&L in ten-thousandths of a USD. */
export interface Plan {
  readonly seed: number;
  readonly days: number;
  readonly winning: { readonly trades: number; readonly pnl: number };
  readonly losing: { readonly trades: number; readonly pnl: number };
  readonly fastExits: number;
}

export interface DemoTrade {
  readonly day: number;
  readonly symbol: string;
  /** Seconds since midnight. */
  readonly bought: number;
  readonly holdSeconds: number;
  /** Ten-thousandths of a USD, net of fees. */
  readonly pnl: number;
  /** The signal of the buy: a score from 5 to 8, and the weight of each indicator, negative when it was against the buy. */
  readonly score: number;
  readonly indicators: Readonly<Record<string, number>>;
}

const SYMBOLS = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'AVAX-USD', 'LINK-USD', 'DOGE-USD', 'NEAR-USD', 'ARB-USD'];
const INDICATORS = { rsi: 2.5, roc: 1.5, macd: 2.5 };
const DAY_SECONDS = 86_400;

/** The smallest gain or loss of a trade: 0.02 USD. */
const SMALLEST = 200;

/** Generates the trades of one strategy with the counts and sums of the plan. The same seed gives the same trades. */
export function drawTrades({ seed, days, winning, losing, fastExits }: Plan): DemoTrade[] {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  const between = (from: number, to: number) => uniformInt(random, from, to);

  /** Splits a sum unevenly, like the gains of real trades: by squares of exponential draws; the last share takes the remainder. */
  const shares = (count: number, sum: number): number[] => {
    const weights = Array.from({ length: count }, () => Math.log(1 - uniform()) ** 2);
    const total = weights.reduce((a, b) => a + b, 0);
    const drawn = weights.map((weight) => SMALLEST + Math.floor((weight / total) * (sum - SMALLEST * count)));
    const missing = sum - drawn.reduce((a, b) => a + b, 0);
    return drawn.map((share, i) => (i === count - 1 ? share + missing : share));
  };
  const pnls = [...shares(winning.trades, winning.pnl), ...shares(losing.trades, losing.pnl).map((loss) => -loss)];
  const shuffled = pnls.map((pnl) => ({ pnl, place: uniform() })).sort((a, b) => a.place - b.place);

  // From a separate generator, so that signals do not change the other draws. Winners score a little higher.
  const signals = xoroshiro128plus(~seed);
  const signalOf = (pnl: number) => ({
    score: uniformInt(signals, 50, 74) / 10 + (pnl > 0 ? 0.6 : 0),
    indicators: Object.fromEntries(
      Object.entries(INDICATORS).map(([name, weight]) => [name, uniformFloat64(signals) < 0.7 ? weight : -weight]),
    ),
  });

  return shuffled.map(({ pnl }, i) => {
    const holdSeconds = i < fastExits ? between(Math.round(FAST / 3), FAST - 5) : between(1.5 * FAST, 4 * 3600);
    return {
      day: (i * 5) % days,
      symbol: SYMBOLS[between(0, SYMBOLS.length - 1)] ?? 'BTC-USD',
      bought: between(0, DAY_SECONDS - holdSeconds - 60),
      holdSeconds,
      pnl,
      ...signalOf(pnl),
    };
  });
}
