import type { Estimate } from './estimate.ts';
import { MIXTURE_WIDTH } from './mixture.ts';
import { halfWidth, unitsToDecide } from './power.ts';

/** Number of pairs for which the mixture is widest. */
const MIXTURE_PAIRS = 30;

/** Variance of the mixture at the first look of an experiment: that of a test with 30 pairs. */
export const mixtureVariance = (variance: number, pairs: number): number =>
  ((MIXTURE_WIDTH / 2) * variance * pairs) / MIXTURE_PAIRS;

/** Least pairs that a plan counts on. */
const LEAST_PAIRS = 9;

interface NeededInput {
  /** The difference so far. */
  readonly estimate: Estimate;
  /** C: settled pairs with a trade. */
  readonly pairs: number;
  readonly tau2: number;
  /** The size of the difference to decide; above 0. */
  readonly effect: number;
  readonly alpha: number;
}

/** Further pairs with trades until a difference of this size is decided with 80 % probability; null: not within a century. */
export function pairsNeeded({ estimate, pairs, tau2, effect, alpha }: NeededInput): number | null {
  return unitsToDecide((m) => widthAfter({ estimate, pairs, tau2, alpha }, m), {
    effect,
    atLeast: Math.max(0, LEAST_PAIRS - pairs),
  });
}

/** The difference that is decided with 80 % probability after m more pairs. */
export const widthAfter = ({ estimate, pairs, tau2, alpha }: Omit<NeededInput, 'effect'>, m: number): number =>
  halfWidth(
    {
      variance: (estimate.variance * pairs) / (pairs + m),
      df: (estimate.df * (pairs + m - 1)) / (pairs - 1),
    },
    tau2,
    alpha,
  );

interface PlanInput {
  /** Of the pairs that the baseline's days make among themselves. */
  readonly estimate: Pick<Estimate, 'variance' | 'df'>;
  readonly pairs: number;
  readonly effect: number;
  readonly alpha: number;
}

/** Pairs until a difference of this size is decided with 80 % probability, before the start; null: not within a century. */
export const pairsToPlan = ({ effect, ...planned }: PlanInput): number | null =>
  unitsToDecide((m) => plannedWidth(planned, m), { effect, atLeast: LEAST_PAIRS });

/** The difference that is decided with 80 % probability after m pairs, planned before the start. */
export const plannedWidth = ({ estimate, pairs, alpha }: Omit<PlanInput, 'effect'>, m: number): number =>
  halfWidth(
    { variance: (estimate.variance * pairs) / m, df: (estimate.df * (m - 1)) / (pairs - 1) },
    mixtureVariance(estimate.variance, pairs),
    alpha,
  );
