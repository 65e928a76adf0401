import type { NoEstimate } from './estimate.ts';
import { ALPHA, type Evidence, interval, logE, pValue } from './mixture.ts';

/** The evidence at one look. */
export interface Reading extends Evidence {
  readonly lower: number | null;
  readonly upper: number | null;
  /** The p-value of this look alone. */
  readonly p_now: number;
  /** The always-valid p-value: the smallest of all looks so far. */
  readonly p: number;
  readonly decides: boolean;
}

/** α of the j-th candidate against one baseline. Fixed when it starts; all candidates together spend α. */
export const alphaOf = (share: number): number => (2 * ALPHA) / (share * (share + 1));

/** Reads the evidence of one look.
 *  @param share j of the candidate
 *  @param lnE the natural logarithm of the e-value that decides; by default that of the mixture test */
export function readingOf(
  evidence: Evidence,
  {
    share,
    previous,
    lnE = logE(evidence),
  }: { share: number; previous: Reading | NoEstimate | undefined; lnE?: number },
): Reading {
  const bounds = interval(evidence, alphaOf(share));
  const p_now = Math.min(1, (pValue(lnE) * share * (share + 1)) / 2);
  return {
    ...evidence,
    lower: bounds?.[0] ?? null,
    upper: bounds?.[1] ?? null,
    p_now,
    p: Math.min(p_now, typeof previous === 'object' ? previous.p : 1),
    decides: lnE >= -Math.log(alphaOf(share)),
  };
}

/** A decision, dated by the look that made it. */
export interface Decision {
  readonly kind: 'keep' | 'revert';
  readonly date: string;
  /** Whether an earlier look had decided the opposite. */
  readonly reversed: boolean;
}

/** The latest decision that the looks reached, oldest look first; null when they reached none. */
export const decisionOf = (
  looks: readonly { readonly date: string; readonly reading: Reading | NoEstimate }[],
): Decision | null =>
  looks.reduce<Decision | null>((decision, { date, reading }) => {
    if (typeof reading !== 'object' || !reading.decides) return decision;
    const kind = reading.difference > 0 ? 'keep' : 'revert';
    return decision?.kind === kind ? decision : { kind, date, reversed: decision !== null };
  }, null);
