import { fork } from 'node:child_process';
import { once } from 'node:events';
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

/** The child's only message: its address, or why it could not start. */
export type Report = { readonly url: string } | { readonly error: string };

export type DataApiProcess = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Resolves when the process has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
};

/** The Data API in a separate process, because PGlite blocks its thread while it works. It ends with its parent, even if that is killed.
 *  @throws Error when it cannot start: the directory is in use, the port is taken, the server does not answer */
export async function startDataApiProcess(settings: ProcessSettings): Promise<DataApiProcess> {
  const child = fork(moduleUrl('child', import.meta.url), { execArgv: [] });
  const ended = once(child, 'exit').then(() => undefined);
  // Not in the environment, which other processes of the user can read: the settings include passwords.
  child.send(settings);
  const report = await Promise.race([
    once(child, 'message').then(([message]) => message as Report),
    ended.then((): Report => ({ error: 'the local database stopped before it was ready' })),
  ]);
  if ('error' in report) {
    await ended;
    throw new Error(report.error);
  }
  return {
    url: report.url,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
