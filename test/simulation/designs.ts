import { looksOf as looksOfPairs } from '../../functions/experiments/verdict/looks.ts';
import type { EndedPair } from '../../functions/experiments/verdict/pair.ts';
import { decisionOf } from '../../functions/statistics/sequential.ts';
import { daysBetween } from '../../functions/summaries/days.ts';
import { beforeAfter, type Market, parallel, switchback } from './market.ts';
import { type Random, randomOf } from './random.ts';
import { verdictsOf } from './runs.ts';

/** Share of histories in which a decision was reached, and the median day of it. */
export interface DesignOutcome {
  readonly decided: number;
  readonly medianDay: number | null;
}

/** The day of the decision of a history; null: none in ninety days. */
type Run = (market: Market, random: Random) => number | null;

function dayOfDecision(pairs: readonly EndedPair[], block_days: number): number | null {
  const looks = looksOfPairs({ pairs, block_days, share: 1, through: '9999-12-31' });
  const decided = looks.find(({ readings: { expectancy } }) => typeof expectancy === 'object' && expectancy.decides);
  const isDecided = decisionOf(looks.map(({ date, readings }) => ({ date, reading: readings.expectancy }))) !== null;
  return decided && isDecided ? daysBetween('2026-01-01', decided.date) : null;
}

/** Every design, by its name in the table. */
export const designs: Readonly<Record<string, Run>> = {
  'before/after': (market, random) => verdictsOf(beforeAfter(market, random)).days,
  'alternating, 1 day': (market, random) => dayOfDecision(switchback(market, 1, random), 1),
  '2 days': (market, random) => dayOfDecision(switchback(market, 2, random), 2),
  parallel: (market, random) => dayOfDecision(parallel(market, random), 1),
};

export function designOutcome(
  run: Run,
  market: Market,
  { histories, seed }: { histories: number; seed: number },
): DesignOutcome {
  const days = Array.from({ length: histories }, (_, i) => run(market, randomOf(seed + i))).filter(
    (day) => day !== null,
  );
  const sorted = days.toSorted((a, b) => a - b);
  return { decided: days.length / histories, medianDay: sorted[Math.floor(sorted.length / 2)] ?? null };
}

/** The markets of the table: without a difference, with one, and where the tests are weak. */
export const markets: Readonly<Record<'none' | 'effects' | 'weak', readonly Market[]>> = {
  none: [
    ...[0, 0.8, 0.95, 0.97].map((regime) => ({ regime, tradesADay: 12, effect: 0 })),
    ...[3, 60].map((tradesADay) => ({ regime: 0.8, tradesADay, effect: 0 })),
    { regime: 0.8, tradesADay: 12, effect: 0, spread: 'skewed' },
    { regime: 0.8, tradesADay: 12, effect: 0, activity: 2 },
  ],
  effects: [
    ...[0.3, 0.5].map((effect) => ({ regime: 0.8, tradesADay: 3, effect })),
    ...[0.2, 0.3, 0.5].map((effect) => ({ regime: 0.8, tradesADay: 12, effect })),
    ...[0.2, 0.3].map((effect) => ({ regime: 0.8, tradesADay: 60, effect })),
  ],
  weak: [
    { regime: 0.8, tradesADay: 30, effect: 0, spread: 'narrow', candidateSpread: 'rare wins' },
    { regime: 0.95, tradesADay: 12, effect: 0, follows: 0.5 },
  ],
};
