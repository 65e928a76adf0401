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
  /** The interval at which a long check prints that it is still running. */
  readonly progressMs?: number;
}

/** Prints a line for each check as it ends. */
export function openChecklist({ print, progressMs = 5_000 }: Settings): Checklist {
  let failures = 0;
  return {
    async check(name, run, detail) {
      const began = performance.now();
      const progress = setInterval(
        () => print(`… ${name}: ${Math.round((performance.now() - began) / 1000)} s`),
        progressMs,
      );
      try {
        const result = await run();
        print(detail ? `✓ ${name}: ${detail(result)}` : `✓ ${name}`);
        return result;
      } catch (error) {
        failures += 1;
        print(`✗ ${name}: ${reasonOf(error)}`);
        return null;
      } finally {
        clearInterval(progress);
      }
    },
    skip: (name, reason) => print(`– ${name}: skipped, ${reason}`),
    failed: () => failures,
  };
}
