import { appendFileSync } from 'node:fs';

/** The figures of one check. Lost and doubled writes already fail its test; they are counted anyway. */
export interface Figures {
  readonly check: string;
  /** Concurrent clients. */
  readonly clients?: number;
  /** Writes sent, including repeats. */
  readonly writes?: number;
  /** Writes rejected with a clear error. */
  readonly refused?: number;
  readonly faults?: number;
  readonly crashes?: number;
  readonly lost?: number;
  readonly doubled?: number;
}

/** Records the figures of a check for `npm run prove`; does nothing in `npm test`. */
export function report(figures: Figures): void {
  const { RELIABILITY_FIGURES: file } = process.env;
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}
