import { counted, usd, wholePercent } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import { thresholds } from '../../thresholds.ts';
import type { Arm } from './arm.ts';
import type { Question } from './comparison-input.ts';
import type { Difference, Label } from './contract.ts';
import { type Day, sum } from './day.ts';
import { autocorrelation } from './observational.ts';

interface Findings {
  readonly days: {
    readonly immature: number;
    readonly matureFrom: string;
    readonly baseline: readonly Day[];
    readonly candidate: readonly Day[];
  };
  readonly expectancy: Difference;
  readonly reversed: boolean;
  readonly immaterial: boolean;
}

/** What a reader has to know before he believes a verdict: each label, with its figures in words. */
export function labelsOf(question: Question, findings: Findings): Partial<Record<Label, string>> {
  const { baseline, candidate, changed, share, exploratory, material } = question;
  const open = [openPositions('baseline', baseline), openPositions('candidate', candidate)].filter(
    (note) => note !== null,
  );
  return {
    observational: observational(findings),
    ...(changed.length > 1
      ? {
          confounded: `${changed.length} settings changed together (${listed(changed)}): which of them did it cannot be told.`,
        }
      : {}),
    ...(findings.reversed ? { reversed: 'An earlier look had decided the other way.' } : {}),
    ...(findings.immaterial
      ? { immaterial: `Decided, but too small to matter: within ${usd(material)} a trade.` }
      : {}),
    ...(exploratory ? { exploratory: 'This pair was picked by hand: it is shown, and never decided.' } : {}),
    ...(findings.days.immature > 0
      ? {
          maturing: `Trades are held for up to ${counted(findings.days.immature, 'day')}, and losses often close sooner than gains: the candidate is looked at from ${shortDay(findings.days.matureFrom)} on.`,
        }
      : {}),
    ...(open.length > 0 ? { open_positions: open.join(' ') } : {}),
    ...(share > 1
      ? {
          shared_alpha: `This is candidate number ${share} against this baseline: it has a share of the 5 %, and its p is shown times ${(share * (share + 1)) / 2}.`,
        }
      : {}),
  };
}

function observational({ days, expectancy }: Findings): string {
  const correlations = [days.baseline, days.candidate]
    .map(autocorrelation)
    .map((value) => (value === null ? 'unknown' : value.toFixed(2)));
  const { difference, lower, upper } = expectancy;
  const shift = difference === null || lower === null || upper === null ? 0 : Math.max(lower, -upper, 0);
  const enough = shift > 0 ? ` ${usd(shift)} a trade of it would be enough.` : '';
  return `One ran after the other: a change of the market may have made the difference.${enough} Autocorrelation of the days: baseline ${correlations[0]}, candidate ${correlations[1]}.`;
}

function openPositions(name: string, { open_cost_usd, rows }: Arm): string | null {
  const bought = open_cost_usd + sum(rows, (row) => row.cost_basis_usd);
  if (bought <= 0 || open_cost_usd <= thresholds.open_share * bought) return null;
  return `The ${name} still holds ${usd(open_cost_usd)} of the ${usd(bought)} that it bought (${wholePercent(open_cost_usd / bought)}): its losses may not be taken yet.`;
}

const MOST_NAMED = 5;

function listed(paths: readonly string[]): string {
  const more = paths.length - MOST_NAMED;
  return [...paths.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
