import { reasonOf } from '../service/reason.ts';

export interface Checklist {
  /** Runs a check, which fails by throwing, and says how it went.
   *  @returns null when it failed */
  readonly check: <Result>(
    name: string,
    run: () => Promise<Result>,
    detail?: (result: Result) => string,
  ) => Promise<Result | null>;
  readonly leaveOut: (name: string, reason: string) => void;
  readonly failed: () => number;
}

interface Settings {
  readonly say: (line: string) => void;
  /** How often a check that takes long says that it still runs. */
  readonly progressMs?: number;
}

/** Says one line for each check as it ends. */
export function openChecklist({ say, progressMs = 5_000 }: Settings): Checklist {
  let failures = 0;
  return {
    async check(name, run, detail) {
      const began = performance.now();
      const progress = setInterval(
        () => say(`… ${name}: ${Math.round((performance.now() - began) / 1000)} s`),
        progressMs,
      );
      try {
        const result = await run();
        say(detail ? `✓ ${name}: ${detail(result)}` : `✓ ${name}`);
        return result;
      } catch (error) {
        failures += 1;
        say(`✗ ${name}: ${reasonOf(error)}`);
        return null;
      } finally {
        clearInterval(progress);
      }
    },
    leaveOut: (name, reason) => say(`– ${name}: left out, ${reason}`),
    failed: () => failures,
  };
}
