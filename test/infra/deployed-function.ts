import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('lambda-process.mjs', import.meta.url));

export interface DeployedFunction {
  readonly invoke: (event: unknown) => Promise<Record<string, unknown>>;
  /** Peak memory of its process, in MB. */
  readonly peakMemory: () => number;
  readonly stop: () => void;
}

/** Starts a bundle in its own process, with only the given environment. */
export async function startFunction(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<DeployedFunction> {
  const child = fork(runtime, [bundle], {
    env: { ...environment },
    execArgv: [],
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the function ended: ${complaint}`);
  });
  ended.catch(() => {});
  await Promise.race([answerOf(child), ended]);
  let peak = 0;
  return {
    async invoke(event) {
      const answer = answerOf(child);
      child.send({ event, requestId: randomUUID(), remainingMs: 14 * 60_000 });
      const { result, error, peakKilobytes = 0 } = await Promise.race([answer, ended]);
      peak = peakKilobytes / 1024;
      if (error) throw new Error(error);
      return result ?? {};
    },
    peakMemory: () => peak,
    stop: () => child.kill(),
  };
}

interface Answer {
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly peakKilobytes?: number;
}

const answerOf = async (child: ChildProcess): Promise<Answer> => (await once(child, 'message'))[0];
