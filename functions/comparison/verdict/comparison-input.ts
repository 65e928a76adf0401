import type { Arm } from './arm.ts';

/** What a verdict is computed from. */
export interface ComparisonInput {
  readonly baseline: Arm;
  readonly candidate: Arm;
  /** The last completed trading day. */
  readonly through: string;
  /** Paths of the settings in which the two differ. */
  readonly changed: readonly string[];
  /** j: the candidate is the j-th against this baseline, which fixes its share of α. */
  readonly share: number;
  /** Whether the pair was chosen by hand. Such a pair is shown and never decided. */
  readonly exploratory: boolean;
  /** The smallest difference that matters, in USD per trade. */
  readonly material: number;
}
