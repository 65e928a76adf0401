import { exactUsd } from '../formatting.ts';
import type { StrategyPerformance, Target } from './contract.ts';
import type { Verdict } from './verdict/contract.ts';

/** The goals that users set for a strategy: lower limits, except for fast exits. */
export interface Targets {
  /** Percent. */
  readonly win_rate: number;
  readonly profit_factor: number;
  readonly expectancy_usd: number;
  /** Percent of trades. */
  readonly fast_exit_rate: number;
}

/** The figures that targets are about. */
type Measured = Pick<StrategyPerformance, 'avg_win_rate' | 'avg_profit_factor' | 'avg_expectancy' | 'fast_exit_rate'>;

/** Compares a strategy with its targets. Targets describe the result; only the verdict says whether it could be luck. */
export function targetsOf(strategy: Measured, targets: Targets): Target[] {
  const above = (value: number | null, target: number): boolean | null => (value === null ? null : value > target);
  const { avg_win_rate, avg_profit_factor, avg_expectancy, fast_exit_rate } = strategy;
  // Without a loss there is no profit factor, and any profit is better than one.
  const onlyProfit = avg_profit_factor === null && (avg_expectancy ?? 0) > 0;
  return [
    {
      name: 'win rate',
      value: avg_win_rate,
      limit: targets.win_rate,
      target: `> ${targets.win_rate} %`,
      met: above(avg_win_rate, targets.win_rate),
    },
    {
      name: 'profit factor',
      value: avg_profit_factor,
      limit: targets.profit_factor,
      target: `> ${targets.profit_factor}`,
      met: onlyProfit || above(avg_profit_factor, targets.profit_factor),
    },
    {
      name: 'expectancy',
      value: avg_expectancy,
      limit: targets.expectancy_usd,
      target: `> ${exactUsd(targets.expectancy_usd)}`,
      met: above(avg_expectancy, targets.expectancy_usd),
    },
    {
      name: 'fast exits',
      value: fast_exit_rate,
      limit: targets.fast_exit_rate,
      target: `< ${targets.fast_exit_rate} %`,
      met: fast_exit_rate === null ? null : fast_exit_rate < targets.fast_exit_rate,
    },
  ];
}

/** Compares the candidate of a verdict with its targets: all periods of its settings together. */
export const targetsOfCandidate = (verdict: Verdict, targets: Targets): Target[] =>
  targetsOf(
    {
      avg_win_rate: verdict.win_rate.candidate,
      avg_profit_factor: verdict.profit_factor.candidate,
      avg_expectancy: verdict.expectancy.candidate,
      fast_exit_rate: verdict.fast_exit_rate.candidate,
    },
    targets,
  );
