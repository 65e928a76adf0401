import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterSettings } from '../cluster.ts';
import type { EngineSettings } from '../engines/open-engine.ts';
import type { FaultSettings } from '../faults/fault.ts';
import { moduleUrl } from './module-url.ts';

/** The settings of a Data API in a child process. */
export type ProcessSettings = {
  readonly engine: EngineSettings;
  readonly cluster: ClusterSettings;
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly faults?: readonly FaultSettings[];
  readonly faultRoutes?: boolean;
};

/** What the child is started with. */
export type ChildSettings = ProcessSettings & {
  /** Whether it takes the place of a process that has ended, and so may have to wait until the disk has space. */
  readonly replaces?: boolean;
};

/** A message of the child: its address, why it could not start, or what the user should know. */
export type Report = { readonly url: string } | { readonly error: string } | { readonly notice: string };

export type DataApiProcess = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Resolves when the process has ended: by `stop`, or by itself where no other can go on. */
  readonly ended: Promise<void>;
};

/** Time that the process has to stop, in ms. Killing PGlite then is safe: acknowledged writes are durable. */
const STOPPING_MS = 3000;

/** Most replacements in a minute. */
const MOST_REPLACEMENTS = 5;

/** The Data API in a separate process, because PGlite blocks its thread while it works. It ends with its parent, even if that is killed.
 *  When it ends unexpectedly, another one goes on at the same address from what is stored.
 *  @param say reports what the user should know, such as a full disk
 *  @param signal ends a process that is still starting
 *  @throws Error when it cannot start: the directory is in use, the port is taken, the server does not answer, `signal` is aborted */
export async function startDataApiProcess(
  settings: ProcessSettings,
  say: (notice: string) => void = console.error,
  signal?: AbortSignal,
): Promise<DataApiProcess> {
  let child = startChild(settings, say);
  const giveUp = () => void child.stop();
  signal?.addEventListener('abort', giveUp);
  const url = await child.url.finally(() => signal?.removeEventListener('abort', giveUp));
  let stopping = false;

  async function replaceUntilStopped(): Promise<void> {
    const again = { ...settings, port: Number(new URL(url).port), faults: [], replaces: true };
    const replaced: number[] = [];
    for (;;) {
      await child.ended;
      const lately = replaced.filter((at) => performance.now() - at < 60_000);
      if (stopping || !isStored(settings.engine) || lately.length >= MOST_REPLACEMENTS) return;
      say('the database process has ended unexpectedly: another one goes on from what is stored');
      replaced.push(performance.now());
      child = startChild(again, say);
      await child.url.catch((error: Error) => say(error.message));
    }
  }

  return {
    url,
    ended: replaceUntilStopped(),
    async stop() {
      stopping = true;
      await child.stop();
    },
  };
}

/** Whether the data outlives the process. */
const isStored = (engine: EngineSettings): boolean => 'databaseUrl' in engine || engine.dataDir !== undefined;

function startChild(settings: ChildSettings, say: (notice: string) => void) {
  const child = fork(moduleUrl('child', import.meta.url), { execArgv: [] });
  const ended = once(child, 'exit').then(() => undefined);
  // Not in the environment, which other processes of the user can read: the settings include passwords.
  child.send(settings);
  const url = Promise.withResolvers<string>();
  child.on('message', (report: Report) => {
    if ('notice' in report) say(report.notice);
    else if ('url' in report) url.resolve(report.url);
    else ended.then(() => url.reject(new Error(report.error)));
  });
  ended.then(() => setImmediate(() => url.reject(new Error('the local database stopped before it was ready'))));
  return {
    url: url.promise,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const inTime = new AbortController();
      sleep(STOPPING_MS, undefined, { signal: inTime.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await ended;
      inTime.abort();
    },
  };
}
