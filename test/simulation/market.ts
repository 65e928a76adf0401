import type { EndedPair } from '../../functions/experiments/verdict/pair.ts';
import { dayAfter } from '../../functions/summaries/days.ts';
import { poisson, type Random, type SpreadName, spreads } from './random.ts';
import { dayOf, LOOKS, type SimulatedDay } from './world.ts';

/** A market with regimes, in which two settings are compared. P&L is in standard deviations per trade. */
export interface Market {
  readonly tradesADay: number;
  /** Autocorrelation of the regime from day to day; its standard deviation is REGIME. */
  readonly regime: number;
  /** How much more the candidate earns per trade. */
  readonly effect: number;
  /** The candidate also earns this share of the regime. */
  readonly follows?: number;
  readonly candidateSpread?: SpreadName;
  readonly spread?: SpreadName;
  /** Trades of the candidate per trade of the baseline. */
  readonly activity?: number;
}

/** Standard deviations of the regime, and of the shock of a day. */
const [REGIME, SHOCK] = [0.4, 0.3];
/** Trades at weekends, as a share of other days'. */
const WEEKEND = 0.6;
/** Of a parallel test: the share of entries that both bots make, and the correlation of their P&L. */
const [COMMON, CORRELATION] = [0.5, 0.7];
/** Volatility of a day: GARCH(1,1) with these weights of the last square and the last variance. */
const GARCH = { square: 0.1, variance: 0.8 };

interface MarketDay {
  readonly date: string;
  readonly regime: number;
  readonly shock: number;
  readonly volatility: number;
  readonly trades: number;
}

/** The days of a market, of which the regime is stationary from the first on. */
function* daysOf({ regime, tradesADay }: Market, from: string, random: Random): Generator<MarketDay> {
  let [state, variance, square] = [REGIME * random.normal(), 1, 1];
  for (let date = from; ; date = dayAfter(date)) {
    variance = 1 - GARCH.square - GARCH.variance + GARCH.square * square + GARCH.variance * variance;
    square = variance * random.normal() ** 2;
    const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
    yield {
      date,
      regime: state,
      shock: SHOCK * random.normal(),
      volatility: Math.sqrt(variance),
      trades: tradesADay * (isWeekend ? WEEKEND : 1),
    };
    state = regime * state + REGIME * Math.sqrt(1 - regime ** 2) * random.normal();
  }
}

type Arm = 'baseline' | 'candidate';

/** P&L of the trades of one arm on a day. `shared` are draws that the other bot has too. */
function tradesOf(market: Market, arm: Arm, day: MarketDay, random: Random, shared: readonly number[] = []): number[] {
  const { effect, follows = 0, spread = 'heavy', candidateSpread = spread, activity = 1 } = market;
  const isCandidate = arm === 'candidate';
  const mean = day.shock + day.regime + (isCandidate ? follows * day.regime + effect : 0);
  const draw = spreads[isCandidate ? candidateSpread : spread];
  const count = poisson(random, day.trades * (isCandidate ? activity : 1));
  return Array.from({ length: count }, (_, i) => {
    const own = draw(random);
    const common = shared[i];
    const noise = common === undefined ? own : CORRELATION * common + Math.sqrt(1 - CORRELATION ** 2) * own;
    return mean + day.volatility * noise;
  });
}

const take = <Item>(items: Iterator<Item>, count: number): Item[] =>
  Array.from({ length: count }, () => items.next().value as Item);

/** Thirty days of the baseline, then ninety of the candidate, of one market. */
export function beforeAfter(market: Market, random: Random): { baseline: SimulatedDay[]; candidate: SimulatedDay[] } {
  const days = take(daysOf(market, '2025-12-02', random), 30 + LOOKS);
  const of = (arm: Arm, some: readonly MarketDay[]) =>
    some.map((day) => dayOf(day.date, tradesOf(market, arm, day, random))).filter(({ trades }) => trades > 0);
  return { baseline: of('baseline', days.slice(0, 30)), candidate: of('candidate', days.slice(30)) };
}

/** Ninety days in pairs of blocks of `length` days, in the order of fair coins. */
export function switchback(market: Market, length: 1 | 2, random: Random): EndedPair[] {
  const days = take(daysOf(market, '2026-01-01', random), LOOKS);
  return Array.from({ length: Math.floor(LOOKS / (2 * length)) }, (_, i) => {
    const own = days.slice(2 * length * i, 2 * length * (i + 1));
    const arms: readonly [Arm, Arm] = random.uniform() < 0.5 ? ['baseline', 'candidate'] : ['candidate', 'baseline'];
    return {
      pair: i + 1,
      settles_on: own.at(-1)?.date ?? '',
      days: own.map((day, n) => closingDay(arms[n < length ? 0 : 1], day, market, random)),
    };
  });
}

/** Ninety days of two bots, of whose entries half are the same. */
export function parallel(market: Market, random: Random): EndedPair[] {
  return take(daysOf(market, '2026-01-01', random), LOOKS).map((day, i) => {
    const shared = Array.from({ length: Math.round(COMMON * day.trades) }, () =>
      spreads[market.spread ?? 'heavy'](random),
    );
    return {
      pair: i + 1,
      settles_on: day.date,
      days: (['baseline', 'candidate'] as const).map((arm) => closingDay(arm, day, market, random, shared)),
    };
  });
}

function closingDay(arm: Arm, day: MarketDay, market: Market, random: Random, shared?: readonly number[]) {
  const { trades, winning, losing, pnl } = dayOf(day.date, tradesOf(market, arm, day, random, shared));
  return { date: day.date, arm, trades, winning, losing, pnl, followed: trades, held_after: 0 };
}
