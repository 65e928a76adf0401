import type { Day } from '../../functions/comparison/verdict/day.ts';
import { dayAfter } from '../../functions/summaries/days.ts';
import { BREAKEVEN_USD } from '../support/reference.ts';
import { poisson, type Random, type SpreadName, spreads } from './random.ts';

/** A simulated market in which two settings are compared. P&L is in standard deviations per trade. */
export interface World {
  readonly baselineDays: number;
  readonly tradesADay: number;
  /** Standard deviation of the shock shared by all trades of a day. */
  readonly dayShock: number;
  readonly spread: SpreadName;
  /** The candidate's value, if it differs. */
  readonly candidateSpread?: SpreadName;
  /** How much more the candidate earns per trade. */
  readonly effect: number;
}

/** A day with the sum of squares that a t-test over trades needs. */
export interface SimulatedDay extends Day {
  readonly squares: number;
}

/** Days for which a candidate is checked daily. */
export const LOOKS = 90;

export function historyOf(world: World, random: Random): { baseline: SimulatedDay[]; candidate: SimulatedDay[] } {
  const { spread, candidateSpread = spread } = world;
  const days = (from: string, count: number, { mean, spread }: { mean: number; spread: SpreadName }) =>
    Array.from({ length: count }, (_, i) => simulatedDay(dayAfter(from, i), world, { mean, spread, random })).filter(
      ({ trades }) => trades > 0,
    );
  return {
    baseline: days('2025-01-01', world.baselineDays, { mean: 0, spread }),
    candidate: days('2026-01-01', LOOKS, { mean: world.effect, spread: candidateSpread }),
  };
}

function simulatedDay(
  date: string,
  { tradesADay, dayShock }: World,
  { mean, spread, random }: { mean: number; spread: SpreadName; random: Random },
): SimulatedDay {
  const shared = mean + dayShock * random.normal();
  const pnls = Array.from({ length: poisson(random, tradesADay) }, () => shared + spreads[spread](random));
  return dayOf(date, pnls);
}

export function dayOf(date: string, pnls: readonly number[]): SimulatedDay {
  let [winning, losing, gross_profit, gross_loss, squares] = [0, 0, 0, 0, 0];
  for (const pnl of pnls) {
    if (pnl > BREAKEVEN_USD) winning += 1;
    if (pnl < -BREAKEVEN_USD) losing += 1;
    if (pnl > 0) gross_profit += pnl;
    else gross_loss -= pnl;
    squares += pnl ** 2;
  }
  return {
    date,
    trades: pnls.length,
    winning,
    losing,
    pnl: gross_profit - gross_loss,
    gross_profit,
    gross_loss,
    squares,
  };
}
