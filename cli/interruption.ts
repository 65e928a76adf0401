import { Interrupted } from './failure.ts';

/** Runs work with a signal that is aborted, with the reason, at SIGINT or SIGTERM; a second one ends the process at once.
 *  `stoppingMs`: milliseconds after which the process ends at once, whatever still runs. */
export async function withInterruption<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { stoppingMs }: { stoppingMs?: number } = {},
): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => {
    interruption.abort(new Interrupted(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'));
    if (stoppingMs !== undefined) setTimeout(() => process.kill(process.pid, 'SIGKILL'), stoppingMs).unref();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(interruption.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
