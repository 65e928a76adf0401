import type { Measured } from './measure.ts';
import type { Place } from './place.ts';

/** A part of the benchmark on one engine: makes its data through the API, measures, and says meanwhile what it does. */
export type Part = (
  place: Place & { readonly quick: boolean; readonly said: (what: string) => void },
) => Promise<Measured[]>;
