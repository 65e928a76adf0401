import { once } from 'node:events';
import type { LocalService } from './service.ts';

/** Keeps the service up until SIGINT or SIGTERM, then stops it cleanly; ends with an error when its database ends by itself. */
export async function untilStopped(service: LocalService): Promise<void> {
  const signal = await Promise.race([
    once(process, 'SIGINT'),
    once(process, 'SIGTERM'),
    service.databaseEnded.then(() => null),
  ]);
  await service.stop();
  if (signal === null) throw new Error('the database has stopped by itself');
}
