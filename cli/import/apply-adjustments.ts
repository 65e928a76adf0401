import type { DatabaseSync } from 'node:sqlite';
import { rows, skip } from './staging.ts';

interface Adjusted {
  readonly bot_id: string;
  readonly trade: string;
  readonly by: 'fill' | 'reversal' | 'correction';
  readonly fill_id: string;
  readonly place: string;
}

/** Applies reversals and corrections to the staged fills: a reversal undoes its fill, a correction replaces it. What is undone may have been
 *  imported before, so it is remembered. */
export function applyAdjustments(staging: DatabaseSync): void {
  const adjusted = rows<Adjusted>(
    staging,
    `SELECT * FROM adjustments AS a
     WHERE EXISTS (SELECT 1 FROM adjustments AS b WHERE (b.bot_id, b.trade) = (a.bot_id, a.trade) AND b.by <> 'fill')
     ORDER BY bot_id, trade, at, CASE by WHEN 'fill' THEN 0 WHEN 'reversal' THEN 1 ELSE 2 END`,
  );
  const remove = staging.prepare('DELETE FROM fills WHERE bot_id = ? AND fill_id = ?');
  const remember = staging.prepare('INSERT OR IGNORE INTO undone VALUES (?, ?)');
  const undo = ({ bot_id, fill_id, place }: Adjusted, by: string) => {
    remove.run(bot_id, fill_id);
    remember.run(bot_id, fill_id);
    skip(staging, `undone by a ${by} of Coinbase`, place);
  };
  for (const ofTrade of Map.groupBy(adjusted, ({ bot_id, trade }) => JSON.stringify([bot_id, trade])).values()) {
    let standing: Adjusted[] = [];
    for (const each of ofTrade) {
      if (each.by === 'fill') {
        standing.push(each);
        continue;
      }
      for (const fill of standing) undo(fill, each.by);
      if (each.by === 'reversal')
        skip(
          staging,
          standing.length > 0 ? 'a reversal of Coinbase' : 'a reversal whose fill is not in the files',
          each.place,
        );
      standing = each.by === 'correction' ? [each] : [];
    }
  }
}
