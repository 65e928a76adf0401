import { appendFileSync } from 'node:fs';

/** What one check did. Whatever was lost or doubled has failed its test already: it is counted all the same. */
export interface Figures {
  readonly check: string;
  /** How many sent at the same time. */
  readonly clients?: number;
  /** Writes that were sent, repeats included. */
  readonly writes?: number;
  /** Of them, refused with a clear answer. */
  readonly refused?: number;
  readonly faults?: number;
  readonly crashes?: number;
  readonly lost?: number;
  readonly doubled?: number;
}

/** Tells a long run what was done; `npm test` does not ask. */
export function report(figures: Figures): void {
  const { RELIABILITY_FIGURES: file } = process.env;
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}
