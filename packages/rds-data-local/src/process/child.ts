import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { runDataApi } from '../run.ts';
import { moduleUrl } from './module-url.ts';
import type { ChildSettings, Report } from './process.ts';

/** Time for an answer to leave the process, in ms. */
const ANSWERING_MS = 200;

const report = (message: Report): boolean | undefined => process.send?.(message);

new Worker(moduleUrl('watchdog', import.meta.url)).unref();

// Ctrl-C reaches every process of the terminal; the parent decides for itself when its database stops.
process.on('SIGINT', () => undefined);

try {
  const [settings] = (await once(process, 'message')) as [ChildSettings];
  const running = await runDataApi({ ...settings, say: (notice) => report({ notice }) });
  running.failed?.then(async ({ message }) => {
    report({ notice: `the database has failed: ${message}` });
    // The call that met the failure is answered first. Others are cut off, and may be repeated.
    await sleep(ANSWERING_MS);
    process.exit(1);
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await running.close();
    process.exit();
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  report({ url: running.url });
} catch (error) {
  report({ error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
