import { setTimeout as sleep } from 'node:timers/promises';

/** How to wait. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Longest pause between two looks, in milliseconds. The first ones are shorter. */
  readonly pollMs: number;
}

/** Looks until there is a result. @throws the reason of the signal */
export async function until<Result>(look: () => Promise<Result | false>, { signal, pollMs }: Waiting): Promise<Result> {
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== false) return found;
    await sleep(Math.min(pollMs, 1000 * 2 ** looks), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
