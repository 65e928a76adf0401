import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { initialisedPGlite } from '../../../packages/rds-data-local/test/support/initialised.ts';
import { childrenOf, nodeEnvironment } from '../../support/node.ts';

export interface DemoProcess {
  readonly output: () => string;
  /** Resolves when the text is printed. @throws Error with the output when the process ends first */
  readonly printed: (text: string) => Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** Ends the reader of its output. */
  readonly closeOutput: () => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The process ids of its children whose command line contains the text. */
  readonly childrenOf: (text: string) => number[];
  /** The remaining directories of the demo. */
  readonly leftovers: () => Promise<string[]>;
}

/** `strategy demo` in a separate process, on any free ports unless others are given. */
export async function startDemo(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<DemoProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'demo-test-'));
  const child = spawn(process.execPath, ['cli/main.ts', 'demo', ...args], {
    env: { ...nodeEnvironment(), PORT: '0', INBOX_PORT: '0', TMPDIR: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(directory, { recursive: true, force: true });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  return {
    output: () => output,
    async printed(text) {
      const end = ended.then(() => Promise.reject(new Error(`the demo ended: ${output}`)));
      end.catch(() => undefined);
      while (!output.includes(text)) await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), end]);
    },
    ended,
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    kill: (signal) => child.kill(signal),
    childrenOf: (text) => childrenOf(child, text),
    leftovers: async () => (await readdir(directory)).filter((name) => name.startsWith('strategy-snapshots')),
  };
}

/** The same, on a database that is initialised already, which takes half the time; its migrations are not applied.
 *  @param modules loaded into it in addition */
export const startInitialisedDemo = async (args: readonly string[], ...modules: readonly string[]) =>
  startDemo(args, {
    INITIALISED_PGLITE: await initialisedPGlite(),
    NODE_OPTIONS: [fileURLToPath(new URL('initialised-database.mjs', import.meta.url)), ...modules]
      .map((module) => `--import=${module}`)
      .join(' '),
  });
