import { reasonOf } from '../service/reason.ts';

export interface Checklist {
  /** Runs a check, which fails by throwing, and prints its outcome.
   *  @returns null when it failed */
  readonly check: <Result>(
    name: string,
    run: () => Promise<Result>,
    detail?: (result: Result) => string,
  ) => Promise<Result | null>;
  readonly skip: (name: string, reason: string) => void;
  readonly failed: () => number;
}

interface Settings {
  readonly print: (line: string) => void;
  /** The time after which a long check prints that it is still running, again after twice as long, and so on. */
  readonly progressMs?: number;
}

/** Longest time without a sign of a check that is still running, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/** Prints a line for each check as it ends. */
export function openChecklist({ print, progressMs = 5_000 }: Settings): Checklist {
  let failures = 0;
  return {
    async check(name, run, detail) {
      const began = performance.now();
      let pauseMs = progressMs;
      const show = () => {
        print(`… ${name}: ${Math.round((performance.now() - began) / 1000)} s`);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        progress = setTimeout(show, pauseMs);
      };
      let progress = setTimeout(show, pauseMs);
      try {
        const result = await run();
        print(detail ? `✓ ${name}: ${detail(result)}` : `✓ ${name}`);
        return result;
      } catch (error) {
        failures += 1;
        print(`✗ ${name}: ${reasonOf(error)}`);
        return null;
      } finally {
        clearTimeout(progress);
      }
    },
    skip: (name, reason) => print(`– ${name}: skipped, ${reason}`),
    failed: () => failures,
  };
}
