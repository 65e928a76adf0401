import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { runDataApi } from '../run.ts';
import { moduleUrl } from './module-url.ts';
import type { ProcessSettings, Report } from './process.ts';

const report = (message: Report): boolean | undefined => process.send?.(message);

new Worker(moduleUrl('watchdog', import.meta.url)).unref();

// Ctrl-C reaches every process of the terminal; the parent decides for itself when its database stops.
process.on('SIGINT', () => undefined);

try {
  const [settings] = (await once(process, 'message')) as [ProcessSettings];
  const running = await runDataApi(settings);
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
