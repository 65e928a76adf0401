import type { Measured } from './measure.ts';
import type { Place } from './place.ts';

/** A part of the benchmark on one engine. It creates its data through the API, measures, and reports its progress. */
export type Part = (
  place: Place & { readonly quick: boolean; readonly progress: (what: string) => void },
) => Promise<Measured[]>;
