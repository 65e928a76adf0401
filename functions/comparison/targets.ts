import type { Strategy } from './contract.ts';

/** What users work to. They say what a strategy should earn, not whether its numbers are more than luck. */
export const defaultTargets = { win_rate: 25, profit_factor: 1.5, expectancy_usd: 0.1, fast_exit_rate: 5 };
export type Targets = typeof defaultTargets;

export interface Target {
  readonly name: string;
  readonly value: number | null;
  readonly target: string;
  /** null: there is nothing to measure yet. A profit factor without a loss is met. */
  readonly met: boolean | null;
}

/** A strategy beside its targets. */
export function targetsOf(strategy: Strategy, targets: Targets = defaultTargets): Target[] {
  const traded = strategy.total_trades > 0;
  const above = (value: number | null, target: number) => (value === null ? null : value > target);
  return [
    {
      name: 'Win rate',
      value: strategy.avg_win_rate,
      target: `> ${targets.win_rate} %`,
      met: above(strategy.avg_win_rate, targets.win_rate),
    },
    {
      name: 'Profit factor',
      value: strategy.avg_profit_factor,
      target: `> ${targets.profit_factor}`,
      met:
        strategy.avg_profit_factor === null && strategy.gross_profit_usd > 0
          ? true
          : above(strategy.avg_profit_factor, targets.profit_factor),
    },
    {
      name: 'Expectancy',
      value: strategy.avg_expectancy,
      target: `> $${targets.expectancy_usd.toFixed(2)}`,
      met: above(strategy.avg_expectancy, targets.expectancy_usd),
    },
    {
      name: 'Fast exits',
      value: strategy.fast_exit_rate,
      target: `< ${targets.fast_exit_rate} %`,
      met: traded && strategy.fast_exit_rate !== null ? strategy.fast_exit_rate < targets.fast_exit_rate : null,
    },
  ];
}
