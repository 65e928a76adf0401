import type { DailySection } from '../contract.ts';

/** The figures of a bot's mailed day that are kept as an audit record. */
export function auditedDay({ bot_id, day, verdict, experiments: [experiment] }: DailySection): object {
  const { total_trades, total_pnl_usd } = day;
  const tested = experiment && {
    experiment_id: experiment.experiment_id,
    experiment_verdict: experiment.verdict.kind,
    experiment_decided_on: experiment.verdict.decided_on,
  };
  if (!verdict) return { bot_id, total_trades, total_pnl_usd, ...tested };
  const { difference, lower, upper, p } = verdict.expectancy;
  return {
    bot_id,
    total_trades,
    total_pnl_usd,
    ...tested,
    verdict: verdict.kind,
    baseline_snapshot_id: verdict.baseline?.snapshot_id ?? null,
    candidate_snapshot_id: verdict.candidate?.snapshot_id ?? null,
    decided_on: verdict.decided_on,
    difference_usd: difference,
    lower_usd: lower,
    upper_usd: upper,
    p,
  };
}
