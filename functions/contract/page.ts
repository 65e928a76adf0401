import { ResultTooLarge } from '../errors.ts';
import { cursorOf } from './fields.ts';

/** Reads a page of a list: at most `limit` rows, and the cursor of the next page. When the rows exceed the Data API's 1 MB, it tries
 *  half as many. */
export async function page<Row>(
  limit: number,
  rows: (limit: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => readonly unknown[],
): Promise<{ items: readonly Row[]; next_cursor: string | null }> {
  try {
    const found = await rows(limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next_cursor: found.length > limit && last ? cursorOf(keyOf(last)) : null };
  } catch (error) {
    if (!(error instanceof ResultTooLarge) || limit === 1) throw error;
    return page(Math.ceil(limit / 2), rows, keyOf);
  }
}
