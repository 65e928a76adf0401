import { usd, wholePercent } from '../../formatting.ts';
import { thresholds } from '../../thresholds.ts';
import type { ExperimentLabel } from './contract.ts';
import { tradesDiffer } from './integrity.ts';
import type { ArmSums } from './pair.ts';

/** What an experiment's caveats are found in. */
export interface Findings {
  readonly design: 'switchback' | 'parallel';
  readonly imported: boolean;
  readonly share: number;
  readonly reversed: boolean;
  readonly immaterial: boolean;
  readonly material: number;
  readonly sums: Readonly<Record<'baseline' | 'candidate', ArmSums>>;
  /** Share; null without trades. */
  readonly followed: number | null;
  readonly followsMarket: number | null;
  /** Mean share of the hold time after the end of the block; null without trades. */
  readonly heldAfter: number | null;
  /** Differences, candidate minus baseline. */
  readonly perTrade: number | null;
  readonly perDay: number | null;
  /** E-values against a fair coin. */
  readonly unfair: { readonly voids: number; readonly orders: number };
}

const limits = thresholds.experiments;

/** The caveats of an experiment's verdict: each label with its explanation. */
export function labelsOf(found: Findings): Partial<Record<ExperimentLabel, string>> {
  const { baseline, candidate } = found.sums;
  const notes: Readonly<Record<ExperimentLabel, string | false>> = {
    reversed: found.reversed && 'An earlier look decided the opposite.',
    immaterial: found.immaterial && `Decided, but too small to matter: within ${usd(found.material)} per trade.`,
    shared_alpha:
      found.share > 1 &&
      `This is candidate number ${found.share} against this baseline: it gets a share of the ${wholePercent(thresholds.alpha)} error rate, and its p-value is multiplied by ${(found.share * (found.share + 1)) / 2}.`,
    imported: found.imported && 'The test was run elsewhere: this service cannot vouch for the coin.',
    not_randomised:
      found.design === 'parallel' &&
      'No coin decided which bot trades with which settings: the verdict holds if on each day either bot is equally likely to be ahead.',
    not_followed:
      found.followed !== null &&
      found.followed < limits.followed.full &&
      `${wholePercent(1 - found.followed)} of the trades were not entered with the assigned settings: the true difference is larger.`,
    uneven: Math.abs(found.followsMarket ?? 0) > limits.uneven && unevenNote(found.followsMarket ?? 0),
    trades_differ:
      tradesDiffer(baseline.trades, candidate.trades) &&
      `The candidate made ${candidate.trades} trades, the baseline ${baseline.trades}: look at the P&L per day too.`,
    less_per_day:
      (found.perTrade ?? 0) * (found.perDay ?? 0) < 0 &&
      `Per day the difference points the other way: ${usd(found.perDay)} per day against ${usd(found.perTrade)} per trade.`,
    long_holds:
      (found.heldAfter ?? 0) > limits.held_after &&
      `Trades were held for ${wholePercent(found.heldAfter ?? 0)} of their time after the end of their block. If open positions follow the new exit settings, only a part of the difference is seen: choose longer blocks, or keep the exits with which a position was entered.`,
    voids:
      found.unfair.voids >= limits.unfair.voids &&
      'Pairs are broken off in the blocks of one arm more often than chance allows: what is left is no fair sample.',
    orders:
      found.unfair.orders >= limits.unfair.orders &&
      'The orders are not those of a fair coin: this is an error of the service.',
  };
  return Object.fromEntries(Object.entries(notes).filter(([, note]) => note !== false));
}

const unevenNote = (t: number): string =>
  t > 0
    ? 'The candidate gains in good markets and loses in bad ones: it is a larger bet on the market, or has rarer, larger trades.'
    : 'The candidate gains in bad markets and loses in good ones: it is a smaller bet on the market, or the baseline has rarer, larger trades.';
