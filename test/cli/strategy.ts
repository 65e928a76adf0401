import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../../cli/run.ts';
import { nodeEnvironment } from '../support/node.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `strategy` with these arguments, in this process: a separate process prints the same and takes half a second. */
export async function strategy(args: readonly string[], width = 80): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  const code = await run(args, {
    out: (text) => (stdout += `${text}\n`),
    error: (text) => (stderr += `${text}\n`),
    progress: () => {},
    width,
  });
  return { code, stdout, stderr };
}

/** The same as a process without a terminal. */
export async function strategyProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  { onOutput }: { readonly onOutput?: (text: string, child: ChildProcess) => void } = {},
): Promise<Run> {
  const child = spawn(process.execPath, ['cli/main.ts', ...args], {
    env: { ...nodeEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    onOutput?.(String(chunk), child);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
