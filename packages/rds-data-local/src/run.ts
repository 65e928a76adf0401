import type { Engine } from './engines/engine.ts';
import { openEngine } from './engines/open-engine.ts';
import { openFaults } from './faults/faults.ts';
import type { ChildSettings } from './process/process.ts';
import { type RunningServer, startDataApi } from './server.ts';

export type RunningDataApi = RunningServer & Pick<Engine, 'failed'>;

/** An engine and the Data API over it, in this process.
 *  @throws Error when the directory is in use, the port is taken, or the server does not answer */
export async function runDataApi({
  engine: engineSettings,
  faults,
  replaces = false,
  say,
  ...settings
}: ChildSettings & { readonly say?: (notice: string) => void }): Promise<RunningDataApi> {
  const engine = await openEngine(engineSettings, { say, onUse: replaces });
  try {
    const { url, close } = await startDataApi({ ...settings, engine, faults: openFaults(faults) });
    return { url, failed: engine.failed, close: () => close().finally(engine.close) };
  } catch (error) {
    await engine.close();
    throw isTaken(error) ? new Error(`port ${settings.port} is taken: choose another, or 0 for any free one`) : error;
  }
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
