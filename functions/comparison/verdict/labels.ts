import { counted, usd, wholePercent } from '../../formatting.ts';
import { sum } from '../../statistics/sum.ts';
import { shortDay } from '../../summaries/days.ts';
import { thresholds } from '../../thresholds.ts';
import type { Arm } from './arm.ts';
import type { ComparisonInput } from './comparison-input.ts';
import type { Difference, Label } from './contract.ts';
import type { Day } from './day.ts';
import { autocorrelation } from './observational.ts';

interface LabelInput {
  readonly days: {
    readonly immature: number;
    readonly matureFrom: string;
    readonly baseline: readonly Day[];
    readonly candidate: readonly Day[];
  };
  readonly expectancy: Difference;
  readonly reversed: boolean;
  readonly immaterial: boolean;
  /** About single trades that decide the sign of the difference. */
  readonly decidingTrades: readonly string[];
}

/** The caveats of a verdict: each label with its explanation. */
export function labelsOf(input: ComparisonInput, findings: LabelInput): Partial<Record<Label, string>> {
  const { baseline, candidate, changed, share, exploratory, material } = input;
  const open = [openPositions('baseline', baseline), openPositions('candidate', candidate)].filter(
    (note) => note !== null,
  );
  return {
    observational: observational(findings),
    ...(changed.length > 1
      ? {
          confounded: `${changed.length} settings changed together (${listedPaths(changed)}), so their effects cannot be separated.`,
        }
      : {}),
    ...(findings.reversed ? { reversed: 'An earlier look decided the opposite.' } : {}),
    ...(findings.immaterial
      ? { immaterial: `Decided, but too small to matter: within ${usd(material)} per trade.` }
      : {}),
    ...(exploratory ? { exploratory: 'This pair was chosen by hand: it is shown, but never decided.' } : {}),
    ...(findings.days.immature > 0
      ? {
          maturing: `Trades are held for up to ${counted(findings.days.immature, 'day')}, and losses often close sooner than gains: the candidate’s days count from ${shortDay(findings.days.matureFrom)}.`,
        }
      : {}),
    ...(findings.decidingTrades.length > 0 ? { one_trade: findings.decidingTrades.join(' ') } : {}),
    ...(open.length > 0 ? { open_positions: open.join(' ') } : {}),
    ...(share > 1
      ? {
          shared_alpha: `This is candidate number ${share} against this baseline: it gets a share of the ${wholePercent(thresholds.alpha)} error rate, and its p-value is multiplied by ${(share * (share + 1)) / 2}.`,
        }
      : {}),
  };
}

function observational({ days, expectancy }: LabelInput): string {
  const correlations = [days.baseline, days.candidate]
    .map(autocorrelation)
    .map((value) => (value === null ? 'unknown' : value.toFixed(2)));
  const { difference, lower, upper } = expectancy;
  const shift = difference === null || lower === null || upper === null ? 0 : Math.max(lower, -upper, 0);
  const enough = shift > 0 ? ` A market shift of ${usd(shift)} per trade would be enough to explain it.` : '';
  return `The two ran one after the other, so a change in the market may have caused the difference.${enough} Autocorrelation of daily results: baseline ${correlations[0]}, candidate ${correlations[1]}.`;
}

function openPositions(name: string, { open_cost_usd, rows }: Arm): string | null {
  const bought = open_cost_usd + sum(rows, (row) => row.cost_basis_usd);
  if (bought <= 0 || open_cost_usd <= thresholds.open_share * bought) return null;
  return `The ${name} still holds ${usd(open_cost_usd)} of the ${usd(bought)} that it bought (${wholePercent(open_cost_usd / bought)}): its losses may not be realized yet.`;
}

/** Most settings listed by name. */
const MOST_LISTED = 5;

function listedPaths(paths: readonly string[]): string {
  const more = paths.length - MOST_LISTED;
  return [...paths.slice(0, MOST_LISTED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
