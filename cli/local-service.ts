import { once } from 'node:events';
import { type LocalService, startService } from '../local/service.ts';
import { type LocalSettings, localSettings } from '../local/settings.ts';
import { Failure, Interrupted } from './failure.ts';
import { withInterruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';

/** The settings of the service on this machine. @throws Failure naming every wrong variable, one a line */
export function settingsInEnvironment(): LocalSettings {
  try {
    return localSettings(process.env);
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

/** Time in which the service stops after a signal, in ms, whatever still runs. */
const STOPPING_MS = 4500;

/** Runs the service on this machine while `work` runs, and always stops it afterwards. `signal` is aborted, with the reason, when the
 *  service fails and at SIGINT or SIGTERM; at a second one, or after 4.5 s, the process ends at once.
 *  @throws Interrupted when a signal came before the service was ready */
export async function withService(
  settings: LocalSettings,
  { out }: Pick<Terminal, 'out'>,
  work: (service: LocalService, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await withInterruption(
    async (interruption) => {
      const service = await startService(settings, (step) => out(`… ${step}`), interruption);
      try {
        await work(service, AbortSignal.any([service.failure, interruption]));
      } finally {
        await service.stop();
      }
    },
    { stoppingMs: STOPPING_MS },
  );
}

/** Resolves at SIGINT or SIGTERM. @throws the reason when the service fails before */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  if (!(signal.reason instanceof Interrupted)) throw signal.reason;
}
