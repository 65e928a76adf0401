import { type Ratio as RatioName, ratioOf } from '../../ratios.ts';
import { isEstimate } from '../../statistics/estimate.ts';
import { daysToMature } from '../../statistics/hold-times.ts';
import { MIXTURE_WIDTH } from '../../statistics/mixture.ts';
import { alphaOf, decisionOf } from '../../statistics/sequential.ts';
import { sum } from '../../statistics/sum.ts';
import { dayAfter, daysBetween } from '../../summaries/days.ts';
import { eachFigure } from '../figures.ts';
import { type Arm, daysOf } from './arm.ts';
import type { ComparisonInput } from './comparison-input.ts';
import type { Difference, Label, Ratio, Verdict } from './contract.ts';
import type { Day } from './day.ts';
import { type ComparisonShortfall, daysToPass, shortfalls } from './gates.ts';
import { labelsOf } from './labels.ts';
import { type Look, looksOf, type Metric, metrics } from './looks.ts';
import { outlook, running } from './needed.ts';
import { nextStepOf } from './next-step.ts';
import { decidingTrades, differenceOf, withoutSingleTrades } from './one-trade.ts';
import { summaryOf } from './summary.ts';

/** The days to compare: the completed ones, and of the candidate only those after its maturation. */
export function comparedDays({
  baseline,
  candidate,
  through,
}: Pick<ComparisonInput, 'baseline' | 'candidate' | 'through'>) {
  const before = baseline.rows.filter(({ date }) => date < candidate.started_on);
  const immature = daysToMature((before.length > 0 ? before : baseline.rows).map((row) => row.hold_time_buckets));
  const matureFrom = dayAfter(candidate.started_on, immature);
  const completed = ({ date }: Day) => date <= through;
  return {
    immature,
    matureFrom,
    baseline: daysOf(baseline.rows).filter(completed),
    candidate: daysOf(candidate.rows).filter((day) => completed(day) && day.date >= matureFrom),
  };
}

/** The verdict after all looks. It is recomputed from the daily sums each time, so late corrections are reflected. */
export function verdictOf(input: ComparisonInput): Verdict {
  const days = comparedDays(input);
  const rows = {
    baseline: input.baseline.rows.filter(({ date }) => date <= input.through),
    candidate: input.candidate.rows.filter(({ date }) => date <= input.through && date >= days.matureFrom),
  };
  const looks = looksOf({ ...days, share: input.share });
  const latest = looks.at(-1);
  const missing = shortfalls(days);
  const measured = typeof latest?.readings.expectancy === 'object';
  const decision = input.exploratory
    ? null
    : decisionOf(looks.map(({ date, readings }) => ({ date, reading: readings.expectancy })));

  const expectancy = difference('expectancy', { days, latest, unit: 1 });
  const within =
    expectancy.lower !== null &&
    expectancy.upper !== null &&
    Math.max(-expectancy.lower, expectancy.upper) <= input.material;
  const kind =
    missing.length > 0 || !measured
      ? 'not_enough_data'
      : decision
        ? decision.kind
        : within
          ? 'no_material_difference'
          : 'keep_running';
  const outlook =
    kind === 'not_enough_data' || kind === 'keep_running' ? outlookOf(input, { days, latest, missing }) : null;
  const without = withoutSingleTrades(rows);
  const labels = labelsOf(input, {
    days,
    expectancy,
    reversed: decision?.reversed ?? false,
    immaterial: decision !== null && within,
    decidingTrades: decidingTrades(differenceOf(rows), without),
  });

  const verdict: Omit<Verdict, 'summary'> = {
    kind,
    baseline: publicArm(input.baseline),
    candidate: publicArm(input.candidate),
    through: input.through,
    decided_on: kind === 'keep' || kind === 'revert' ? (decision?.date ?? null) : null,
    looks: looks.length,
    labels: Object.keys(labels) as Label[],
    label_notes: labels,
    days: { baseline: days.baseline.length, candidate: days.candidate.length },
    trades: { baseline: tradesOf(days.baseline), candidate: tradesOf(days.candidate) },
    expectancy,
    win_rate: difference('win_rate', { days, latest, unit: 100 }),
    profit_factor: ratio({ days, latest }),
    without,
    ...eachFigure(({ of }) => ({ baseline: of(rows.baseline), candidate: of(rows.candidate) })),
    needed: outlook?.needed ?? null,
    next_step: nextStep(input, { kind, needed: outlook?.needed ?? null, days, latest }),
    smallest_effect_usd: outlook?.smallestEffect ?? null,
    missing: missing.length === 0 && !measured ? withoutVariance(days) : missing,
    alpha: alphaOf(input.share),
    material_usd: input.material,
  };
  return { ...verdict, summary: summaryOf(verdict) };
}

type Days = ReturnType<typeof comparedDays>;

const publicArm = ({ snapshot_id, config_hash, notes, snapshot_ids }: Arm) => ({
  snapshot_id,
  config_hash,
  notes,
  snapshot_ids: [...snapshot_ids],
});
const tradesOf = (days: readonly Day[]): number => sum(days, (day) => day.trades);

function difference(
  metric: Metric,
  { days, latest, unit }: { days: Days; latest: Look | undefined; unit: number },
): Difference {
  const [from, to] = [metrics[metric](days.baseline), metrics[metric](days.candidate)];
  const baseline = mean(metric, days.baseline);
  const candidate = mean(metric, days.candidate);
  const reading = latest?.readings[metric] ?? 'gates';
  const values = {
    baseline,
    candidate,
    difference: baseline === null || candidate === null ? null : candidate - baseline,
  };
  if (typeof reading !== 'object') {
    const reason = !isEstimate(from) ? from : !isEstimate(to) ? to : reading;
    return { ...values, lower: null, upper: null, p: null, p_now: null, df: null, reason };
  }
  const { lower, upper, p, p_now, df } = reading;
  return { ...values, lower: scaled(lower, unit), upper: scaled(upper, unit), p, p_now, df: finite(df), reason: null };
}

function ratio({ days, latest }: { days: Days; latest: Look | undefined }): Ratio {
  const { difference: _, ...log } = difference('profit_factor', { days, latest, unit: 1 });
  const [from, to] = [profitFactor(days.baseline), profitFactor(days.candidate)];
  return {
    ...log,
    baseline: from,
    candidate: to,
    ratio: from && to !== null ? to / from : null,
    lower: log.lower === null ? null : Math.exp(log.lower),
    upper: log.upper === null ? null : finite(Math.exp(log.upper)),
  };
}

/** A ratio of two sums over days. */
const pooled = (
  ratio: RatioName,
  days: readonly Day[],
  [numerator, denominator]: readonly [(day: Day) => number, (day: Day) => number],
): number | null => ratioOf(ratio, sum(days, numerator), sum(days, denominator));

const mean = (metric: Metric, days: readonly Day[]): number | null =>
  metric === 'win_rate'
    ? pooled('win_rate', days, [(day) => day.winning, (day) => day.trades])
    : pooled('expectancy_usd', days, [(day) => day.pnl, (day) => day.trades]);

const profitFactor = (days: readonly Day[]): number | null =>
  pooled('profit_factor', days, [(day) => day.gross_profit, (day) => day.gross_loss]);

const scaled = (value: number | null, unit: number): number | null => (value === null ? null : value * unit);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function withoutVariance(days: Days): Verdict['missing'] {
  return (['baseline', 'candidate'] as const).flatMap((arm) =>
    metrics.expectancy(days[arm]) === 'no_variance' ? [{ arm, what: 'variance' as const, has: 0, needs: 1 }] : [],
  );
}

/** Estimates how much longer the candidate has to run: trades, and calendar days at its pace over the last two weeks. */
function outlookOf(
  { candidate, through, material, share }: ComparisonInput,
  { days, latest, missing }: { days: Days; latest: Look | undefined; missing: readonly ComparisonShortfall[] },
): { needed: Verdict['needed']; smallestEffect: number | null } {
  const [from, to] = [metrics.expectancy(days.baseline), metrics.expectancy(days.candidate)];
  const atLeast = daysToPass(days, 'candidate');
  if (!isEstimate(from) || !isEstimate(to) || atLeast === null || missing.some(({ arm }) => arm === 'baseline'))
    return { needed: null, smallestEffect: null };

  const reading = latest?.readings.expectancy;
  const { days: more, smallestEffect } = outlook({
    baseline: from,
    candidate: running(to, days.candidate.length),
    tau2: typeof reading === 'object' ? reading.tau2 : MIXTURE_WIDTH * from.variance,
    effect: Math.max(Math.abs(to.value - from.value), material),
    atLeast,
    alpha: alphaOf(share),
  });
  if (more === null) return { needed: null, smallestEffect };
  const pace = paceOf(days.candidate, candidate.started_on, through);
  const trades = Math.ceil((more * tradesOf(days.candidate)) / days.candidate.length);
  return { needed: { trades, days: pace === 0 ? null : Math.ceil(more / pace) }, smallestEffect };
}

function nextStep(
  { material, share }: ComparisonInput,
  { kind, needed, days, latest }: Pick<Verdict, 'kind' | 'needed'> & { days: Days; latest: Look | undefined },
): Verdict['next_step'] {
  const estimates = { baseline: metrics.expectancy(days.baseline), candidate: metrics.expectancy(days.candidate) };
  const { baseline, candidate } = estimates;
  const reading = latest?.readings.expectancy;
  return nextStepOf({
    ...{ kind, needed, days, estimates },
    tau2: typeof reading === 'object' ? reading.tau2 : isEstimate(baseline) ? MIXTURE_WIDTH * baseline.variance : 0,
    effect:
      isEstimate(baseline) && isEstimate(candidate)
        ? Math.max(Math.abs(candidate.value - baseline.value), material)
        : material,
    alpha: alphaOf(share),
  });
}

/** Calendar days over which the pace is measured. */
const PACE_DAYS = 14;

/** Share of days with trades among the last 14 calendar days, or since the start if that is shorter. */
export function paceOf(days: readonly Day[], startedOn: string, through: string): number {
  const window = Math.min(PACE_DAYS, daysBetween(startedOn, through));
  const since = dayAfter(through, 1 - window);
  return window < 1 ? 0 : days.filter(({ date }) => date >= since && date <= through).length / window;
}
