import type { Outcome } from './results.ts';

/** A file that was changed, relative to the working directory, and the tests that must notice, in steps. */
export interface Task {
  readonly file: string;
  readonly steps: readonly string[];
}

export interface Tested {
  readonly outcome: Outcome;
  /** The test file that failed; null: none, or none in particular. */
  readonly failed: string | null;
}

/** What is sent whenever a test begins. */
export const PROGRESS = 'a test begins';
