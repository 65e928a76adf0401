import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { childrenOf, nodeEnvironment } from '../support/node.ts';

export interface StartProcess {
  /** Its process id. */
  readonly id: number;
  /** What `npm start` has printed. */
  readonly output: () => string;
  /** The addresses that it printed with "Ready".
   *  @throws Error with the output when it ended before */
  readonly ready: Promise<{ readonly api: string; readonly inbox: string }>;
  /** Its exit code; null when a signal killed it. */
  readonly ended: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Whether it still runs, even if a process that it started does. */
  readonly running: () => boolean;
  /** The ids of its embedded database's processes. */
  readonly databases: () => readonly number[];
  /** Sends a signal to them. */
  readonly killDatabase: (signal?: NodeJS.Signals) => void;
  /** Sends a signal to it and to the processes that it started, as Ctrl-C in a terminal does with SIGINT. */
  readonly killGroup: (signal: NodeJS.Signals) => void;
}

/** `npm start` with these settings, in its own process group, on any free ports unless others are given. */
export function startProcess(settings: Readonly<Record<string, string>>): StartProcess {
  const child = spawn(process.execPath, ['cli/main.ts', 'start'], {
    env: { ...nodeEnvironment(), PORT: '0', INBOX_PORT: '0', LOG_LEVEL: 'SILENT', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = Promise.race([
    untilPrinted(child, () => output.includes('Ready.')),
    ended.then(() => Promise.reject(new Error(`npm start ended: ${output}`))),
  ]).then(() => ({ api: addressOf('API'), inbox: addressOf('Inbox') }));
  ready.catch(() => undefined);
  const addressOf = (name: string) => new RegExp(`^${name} +(http\\S+)$`, 'm').exec(output)?.[1] ?? '';
  const databases = () => childrenOf(child, 'rds-data-local');
  return {
    id: child.pid ?? 0,
    output: () => output,
    ready,
    ended,
    kill: (signal) => child.kill(signal),
    running: () => child.exitCode === null && child.signalCode === null,
    databases,
    killDatabase: (signal = 'SIGKILL') => {
      for (const id of databases()) process.kill(id, signal);
    },
    killGroup(signal) {
      try {
        if (child.pid) process.kill(-child.pid, signal);
      } catch (error) {
        // The group has ended.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
  };
}

async function untilPrinted({ stdout }: ChildProcess, isThere: () => boolean): Promise<void> {
  while (stdout && !isThere()) await once(stdout, 'data');
}
