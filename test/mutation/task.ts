import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { join } from 'node:path';
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

/** Longest time without progress of a mutant's tests, in ms: then it has made a loop endless. */
const LIMIT_MS = 120_000;

/** Runs tests in a process group of its own, so that all of its processes can be ended. */
export function testerIn(place: string): ChildProcess {
  return fork(join(place, 'test/mutation/tester.ts'), { cwd: place, detached: true, stdio: 'ignore' });
}

/** Has a tester run a task. */
export async function tested(tester: ChildProcess, task: Task): Promise<Tested> {
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    if (tester.pid) process.kill(-tester.pid, 'SIGKILL');
  }, LIMIT_MS);
  tester.send(task);
  try {
    for await (const [message] of on(tester, 'message', { close: ['exit'] })) {
      if (message !== PROGRESS) return message;
      limit.refresh();
    }
  } finally {
    clearTimeout(limit);
  }
  if (late) return { outcome: 'killed', failed: null };
  throw new Error(`the tests of ${task.file} could not run`);
}
