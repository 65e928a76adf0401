import type { Row } from './measure.ts';
import { type PartName, parts } from './parts/parts.ts';
import { type EngineName, openPlace } from './place.ts';

/** What a process tells of its engine: what it does now, or a figure. */
export type Told = { readonly doing: string } | { readonly row: Row } | { readonly failed: string };

/** One part on one engine, in a process of its own: the handlers read their environment once. */
const tell = (told: Told) => new Promise<void>((resolve) => process.send?.(told, () => resolve()));
const [engine, part, quick] = process.argv.slice(2) as [EngineName, PartName, string];
try {
  await tell({ doing: 'starting' });
  const place = await openPlace(engine);
  try {
    const said = (doing: string) => void tell({ doing });
    for (const row of await parts[part]({ ...place, quick: quick === 'quick', said }))
      await tell({ row: { ...row, engine } });
  } finally {
    await place.close();
  }
} catch (error) {
  await tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect?.();
