import type { Row } from './measure.ts';
import { type PartName, parts } from './parts/parts.ts';
import { type EngineName, openPlace } from './place.ts';

/** A message of a worker process: its current activity, a figure, or an error. */
export type WorkerMessage = { readonly doing: string } | { readonly row: Row } | { readonly failed: string };

/** Runs one part on one engine in its own process, since handlers read their environment only once. */
const send = (message: WorkerMessage) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));
const [engine, part, quick] = process.argv.slice(2) as [EngineName, PartName, string];
try {
  await send({ doing: 'starting' });
  const place = await openPlace(engine);
  try {
    const progress = (doing: string) => void send({ doing });
    for (const row of await parts[part]({ ...place, quick: quick === 'quick', progress }))
      await send({ row: { ...row, engine } });
  } finally {
    await place.close();
  }
} catch (error) {
  await send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect?.();
