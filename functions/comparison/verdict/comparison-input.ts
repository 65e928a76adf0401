import type { Arm } from './arm.ts';

export interface Question {
  readonly baseline: Arm;
  readonly candidate: Arm;
  /** The last completed trading day. */
  readonly through: string;
  /** Paths of the settings in which the two differ. */
  readonly changed: readonly string[];
  /** The candidate is the j-th against this baseline. */
  readonly share: number;
  /** A pair picked by hand is shown, and never decided. */
  readonly exploratory: boolean;
  /** A difference per trade below this does not matter, in USD. */
  readonly material: number;
}
