import { ratioOf } from '../../ratios.ts';
import { isEstimate, type NoEstimate } from '../../statistics/estimate.ts';
import { mixtureVariance, pairsNeeded } from '../../statistics/pairs-needed.ts';
import { alphaOf, decisionOf, type Reading } from '../../statistics/sequential.ts';
import type { Experiment } from '../contract.ts';
import { daysOf, type Length } from '../schedule/borders.ts';
import type { ExperimentLabel, ExperimentVerdict } from './contract.ts';
import { tradesOf } from './contrast.ts';
import { followedShare, pairsToPass, shortfalls } from './gates.ts';
import { coinE, followsMarket } from './integrity.ts';
import { labelsOf } from './labels.ts';
import { expectancyOf, type Look, looksOf, settledBy } from './looks.ts';
import { type ArmSums, type EndedPair, type PairSums, total } from './pair.ts';
import { summaryOf } from './summary.ts';

/** What a verdict is computed from. */
export interface ExperimentInput {
  readonly design: 'switchback' | 'parallel';
  readonly imported: boolean;
  readonly status: Experiment['status'];
  readonly length: Length;
  readonly share: number;
  /** The smallest difference that matters, in USD per trade. */
  readonly material: number;
  /** The last completed trading day. */
  readonly through: string;
  /** Those that ended and are not void, oldest first. */
  readonly pairs: readonly EndedPair[];
  /** The arms in whose blocks void pairs were broken off. */
  readonly broken_in: readonly ('baseline' | 'candidate')[];
  /** Pairs that begin with the candidate, and all. */
  readonly orders: { readonly candidate_first: number; readonly pairs: number };
  readonly arms: Pick<ExperimentVerdict, 'baseline' | 'candidate'>;
}

/** The verdict after all looks, with the looks and the checks. A pure function of the sums: a late correction changes it rightly. */
export function verdictOf(input: ExperimentInput): Pick<Experiment, 'verdict' | 'looks' | 'checks'> {
  const { share, material, through, design } = input;
  // Of a parallel test a pair is a day, on which each bot has one block.
  const block_days = design === 'parallel' ? 1 : daysOf(input.length);
  const looks = looksOf({ pairs: input.pairs, block_days, share, through });
  // As of the last day on which a pair settled: what closed since then counts at the next look.
  const settled = settledBy(input.pairs, lastSettled(input));
  const withTrades = settled.filter((pair) => tradesOf(pair) > 0).length;
  const sums = {
    baseline: total(settled.map((pair) => pair.baseline)),
    candidate: total(settled.map((pair) => pair.candidate)),
  };
  const readings = looks.at(-1)?.readings;
  const decision = decisionOf(looks.map(({ date, readings: { expectancy } }) => ({ date, reading: expectancy })));
  const missing = missingOf(settled);
  const expectancy = intervalOf(
    readings?.expectancy,
    means(sums, (arm) => ratioOf('expectancy_usd', arm.pnl, arm.trades)),
  );
  const { lower, upper } = expectancy;
  const within = lower !== null && upper !== null && Math.max(-lower, upper) <= material;
  const kind =
    missing.length > 0 || typeof readings?.expectancy !== 'object'
      ? 'not_enough_data'
      : decision
        ? decision.kind
        : within
          ? 'no_material_difference'
          : 'keep_running';
  const perDay = intervalOf(
    readings?.pnl_per_day,
    means(sums, (arm) => ratioOf('pnl_per_day_usd', arm.pnl, withTrades * block_days)),
  );
  const checks = checksOf(input, settled, sums);
  const labels = labelsOf({
    ...{ design, imported: input.imported, share, material, sums },
    ...{ reversed: decision?.reversed ?? false, immaterial: decision !== null && within },
    ...{ followed: followedShare(settled), followsMarket: followsMarket(settled), heldAfter: checks.held_after },
    ...{ perTrade: expectancy.difference, perDay: perDay.difference },
    unfair: { voids: checks.voids.e, orders: checks.orders?.e ?? 0 },
  });
  const needed = kind === 'keep_running' || kind === 'not_enough_data' ? neededOf(input, settled, looks.at(-1)) : null;
  const verdict: Omit<ExperimentVerdict, 'summary'> = {
    kind,
    ...input.arms,
    through,
    decided_on: kind === 'keep' || kind === 'revert' ? (decision?.date ?? null) : null,
    looks: looks.length,
    labels: Object.keys(labels) as ExperimentLabel[],
    label_notes: labels,
    pairs: { settled: settled.length, with_trades: withTrades, left: needed?.pairs ?? null },
    trades: { baseline: sums.baseline.trades, candidate: sums.candidate.trades },
    expectancy,
    win_rate: intervalOf(
      readings?.win_rate,
      means(sums, (arm) => ratioOf('win_rate', arm.winning, arm.trades)),
      100,
    ),
    pnl_per_day_usd: perDay,
    ln_e_t: typeof readings?.expectancy === 'object' ? readings.expectancy.ln_e_t : null,
    ln_e_c: typeof readings?.expectancy === 'object' ? readings.expectancy.ln_e_c : null,
    needed,
    missing,
    alpha: alphaOf(share),
    material_usd: material,
  };
  return { verdict: { ...verdict, summary: summaryOf(verdict, input.status) }, looks: looks.map(publicLook), checks };
}

const lastSettled = ({ pairs, through }: ExperimentInput): string =>
  pairs.reduce((last, { settles_on }) => (settles_on <= through && settles_on > last ? settles_on : last), '');

type Interval = ExperimentVerdict['expectancy'];
type Sums = Readonly<Record<'baseline' | 'candidate', ArmSums>>;

const means = (sums: Sums, of: (arm: ArmSums) => number | null) => ({
  baseline: of(sums.baseline),
  candidate: of(sums.candidate),
});

/** A difference with its interval, in units of the contract. Without a look it has the difference of the means. */
function intervalOf(
  reading: Reading | NoEstimate | undefined,
  { baseline, candidate }: { readonly baseline: number | null; readonly candidate: number | null },
  unit = 1,
): Interval {
  if (typeof reading !== 'object') {
    const difference = baseline === null || candidate === null ? null : candidate - baseline;
    return {
      difference,
      lower: null,
      upper: null,
      p: null,
      p_now: null,
      df: null,
      baseline,
      candidate,
      reason: reading ?? 'gates',
    };
  }
  const scaled = (value: number | null) => (value === null ? null : value * unit);
  const { difference, lower, upper, p, p_now, df } = reading;
  return {
    ...{ difference: difference * unit, lower: scaled(lower), upper: scaled(upper), p, p_now, df },
    baseline,
    candidate,
    reason: null,
  };
}

function missingOf(settled: readonly PairSums[]): ExperimentVerdict['missing'] {
  const missing = shortfalls(settled);
  if (missing.length > 0 || isEstimate(expectancyOf(settled))) return missing;
  return [{ arm: 'both', what: 'variance', has: 0, needs: 1 }];
}

/** Further pairs, and the calendar days that they take at the pace so far. */
function neededOf(
  input: ExperimentInput,
  settled: readonly PairSums[],
  look: Look | undefined,
): ExperimentVerdict['needed'] {
  const estimate = expectancyOf(settled);
  const pairs = settled.filter((pair) => tradesOf(pair) > 0).length;
  if (!isEstimate(estimate)) return null;
  const reading = look?.readings.expectancy;
  const more = pairsNeeded({
    estimate,
    pairs,
    tau2: typeof reading === 'object' ? reading.tau2 : mixtureVariance(estimate.variance, pairs),
    effect: Math.max(Math.abs(estimate.value), input.material),
    alpha: alphaOf(input.share),
  });
  if (more === null) return null;
  const forGates = pairsToPass(settled);
  if (forGates === null) return null;
  const wanted = Math.max(more, forGates);
  const days = input.design === 'parallel' ? 1 : 2 * daysOf(input.length);
  return { pairs: wanted, days: Math.ceil(Math.ceil((wanted * settled.length) / pairs) * days) };
}

function checksOf(
  input: ExperimentInput,
  settled: readonly PairSums[],
  { baseline, candidate }: Sums,
): Experiment['checks'] {
  const inCandidate = input.broken_in.filter((arm) => arm === 'candidate').length;
  const trades = baseline.trades + candidate.trades;
  const followed = followedShare(settled);
  const { orders } = input;
  return {
    followed: followed === null ? null : followed * 100,
    voids: { pairs: input.broken_in.length, in_candidate: inCandidate, e: coinE(inCandidate, input.broken_in.length) },
    orders: input.design === 'parallel' ? null : { ...orders, e: coinE(orders.candidate_first, orders.pairs) },
    follows_market_t: finite(followsMarket(settled)),
    held_after:
      input.design === 'parallel' || trades === 0 ? null : (baseline.held_after + candidate.held_after) / trades,
  };
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

function publicLook({ date, pairs, readings: { expectancy } }: Look): Experiment['looks'][number] {
  if (typeof expectancy !== 'object')
    return {
      date,
      pairs,
      difference: null,
      lower: null,
      upper: null,
      p: null,
      p_now: null,
      ln_e_t: null,
      ln_e_c: null,
    };
  const { difference, lower, upper, p, p_now, ln_e_t, ln_e_c } = expectancy;
  return { date, pairs, difference, lower, upper, p, p_now, ln_e_t, ln_e_c };
}
