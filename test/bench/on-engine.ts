import type { Row } from './measure.ts';
import { report } from './parts/report.ts';
import { type EngineName, openPlace } from './place.ts';

/** What a process tells of its engine: what it does now, or a figure. */
export type Told = { readonly doing: string } | { readonly row: Row } | { readonly failed: string };

const parts = { report };

/** All parts on one engine, in a process of their own: the handlers read their environment once. */
const tell = (told: Told) => new Promise<void>((resolve) => process.send?.(told, () => resolve()));
const [engine = 'PGlite', quick = ''] = process.argv.slice(2) as [EngineName, string];
try {
  await tell({ doing: 'starting' });
  for (const part of Object.values(parts)) {
    const place = await openPlace(engine);
    try {
      const said = (doing: string) => void tell({ doing });
      for (const row of await part({ ...place, quick: quick === 'quick', said }))
        await tell({ row: { ...row, engine } });
    } finally {
      await place.close();
    }
  }
} catch (error) {
  await tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect?.();
