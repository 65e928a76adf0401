import { once } from 'node:events';

/** Resolves at SIGINT or SIGTERM. */
export async function untilSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
