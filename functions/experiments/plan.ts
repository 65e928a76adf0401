import { counted, usd } from '../formatting.ts';
import { isEstimate, weightedMean } from '../statistics/estimate.ts';
import { ALPHA } from '../statistics/mixture.ts';
import { pairsToPlan, plannedWidth } from '../statistics/pairs-needed.ts';
import type { ExperimentPlan } from './contract.ts';
import { daysOf, type Length, lengths } from './schedule/borders.ts';
import { metrics } from './verdict/looks.ts';
import { type ArmSums, type PairSums, total } from './verdict/pair.ts';

const DAY_SECONDS = 86_400;

/** Days for which a plan says what would show. */
const SHOWN_DAYS = 60;

/** Least trades of the baseline in a block of the default length. */
const TRADES_PER_BLOCK = 3;

/** The baseline so far. */
export interface History {
  /** 95 % of its trades are held for less, in seconds; null: no trades. */
  readonly p95: number | null;
  readonly trades_per_day: number;
}

/** The shortest block that is at least as long as nearly all trades are held and brings the baseline enough trades; a day without history. */
export function defaultLength({ p95, trades_per_day }: History): Length {
  if (p95 === null || trades_per_day === 0) return '1d';
  const isEnough = (length: Length) =>
    daysOf(length) * DAY_SECONDS >= p95 && daysOf(length) * trades_per_day >= TRADES_PER_BLOCK;
  return lengths.find(isEnough) ?? '7d';
}

/** Days after the day in which a pair ends until it counts, so that slow trades have closed too. */
export function settleDays(p95: number | null): number {
  if (p95 === null) return 1;
  return p95 < DAY_SECONDS / 2 ? 0 : Math.ceil(p95 / DAY_SECONDS);
}

interface PlanInput extends History {
  readonly design: 'switchback' | 'parallel';
  readonly length: Length;
  readonly settle_days: number;
  /** Sums of the baseline's blocks of this length, oldest first, each with its number; numbers without a block are left out. */
  readonly blocks: readonly (ArmSums & { readonly block: number })[];
  /** USD per trade. */
  readonly effect: number;
}

/** Estimates how many pairs a test takes, from the pairs that the baseline's blocks make among themselves. */
export function planOf({ length, blocks, effect, settle_days, ...of }: PlanInput): ExperimentPlan {
  const pairs = pairsAmong(blocks).filter(({ baseline, candidate }) => baseline.trades + candidate.trades > 0);
  const estimate = weightedMean(metrics.expectancy(pairs));
  const needed = isEstimate(estimate) ? pairsToPlan({ estimate, pairs: pairs.length, effect, alpha: ALPHA }) : null;
  const pairLength = of.design === 'parallel' ? 1 : 2 * daysOf(length);
  const days = needed === null ? null : Math.ceil(needed * pairLength);
  const shown = Math.floor(SHOWN_DAYS / pairLength);
  const inTime =
    isEstimate(estimate) && shown > 1 ? plannedWidth({ estimate, pairs: pairs.length, alpha: ALPHA }, shown) : null;
  const effect_in_60_days_usd = inTime !== null && Number.isFinite(inTime) ? inTime : null;
  const goal = `a difference of ${usd(effect)} per trade`;
  return {
    ...{ effect_usd: effect, length, pairs: needed, days, baseline_pairs: pairs.length, settle_days },
    effect_in_60_days_usd,
    p95_hold_seconds: of.p95,
    trades_per_block: blocks.length === 0 ? null : total(blocks).trades / blocks.length,
    summary: !isEstimate(estimate)
      ? 'The old settings have too little history to say how long the test will take.'
      : days === null
        ? `To decide ${goal} would take more than a century: test a larger change.${withinTime(effect_in_60_days_usd)}`
        : `To decide ${goal}: about ${counted(days, 'day')} (${counted(needed ?? 0, 'pair')}).${withinTime(effect_in_60_days_usd)}`,
  };
}

const withinTime = (effect: number | null): string =>
  effect === null ? '' : ` Within ${SHOWN_DAYS} days, ${usd(effect)} per trade or more would show.`;

/** Pairs of adjacent blocks: the first counts as the baseline's, the second as the candidate's. */
function pairsAmong(blocks: PlanInput['blocks']): PairSums[] {
  const byNumber = new Map(blocks.map((block) => [block.block, block]));
  return blocks.flatMap((baseline) => {
    const candidate = byNumber.get(baseline.block + 1);
    return baseline.block % 2 === 1 && candidate ? [{ baseline, candidate }] : [];
  });
}
