import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As the launcher sets it. */
const cache = join(tmpdir(), 'strategy-compile-cache');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `strategy` with these arguments, as a process without a terminal. */
export async function strategy(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Run> {
  const child = spawn(process.execPath, ['clients/terminal/main.ts', ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
