import type { DatabaseSync } from 'node:sqlite';
import { counted } from '../../functions/formatting.ts';
import { applyAdjustments } from './apply-adjustments.ts';
import { applyFunding } from './apply-funding.ts';
import { note, rows, skip } from './staging.ts';

/** Resolves conflicts between rows that are visible only when everything is read: orders in two sources, links without an order,
 *  overlapping periods. */
export function resolveConflicts(staging: DatabaseSync): void {
  staging.exec(`
    CREATE INDEX fills_of_an_order ON fills (bot_id, order_id, detail);
    CREATE INDEX fills_in_order ON fills (bot_id, symbol, filled_at, side, fill_id, size, price);`);
  applyAdjustments(staging);
  applyFunding(staging);
  takeOrdersOnce(staging);
  checkLinks(staging);
  dropWithoutFills(staging);
  endOverlaps(staging);
  noteGaps(staging);
  noteClaims(staging);
}

function takeOrdersOnce(staging: DatabaseSync): void {
  const lessDetailed = rows<{ bot_id: string; fill_id: string }>(
    staging,
    `SELECT bot_id, fill_id FROM fills AS f
     WHERE EXISTS (SELECT 1 FROM fills AS finer
                   WHERE finer.bot_id = f.bot_id AND finer.order_id = f.order_id AND finer.detail < f.detail)`,
  );
  const remove = staging.prepare('DELETE FROM fills WHERE bot_id = ? AND fill_id = ?');
  for (const { bot_id, fill_id } of lessDetailed) {
    remove.run(bot_id, fill_id);
    skip(staging, 'the files have its order in more detail', fill_id);
  }
}

/** Drops links that do not fit their order, if there are orders. A trigger in the row of an order is dropped with the order, uncounted. */
function checkLinks(staging: DatabaseSync): void {
  if (rows(staging, 'SELECT 1 FROM fills LIMIT 1').length === 0) return;
  const mismatched = rows<{
    link_id: number;
    place: string;
    order_id: string;
    side: string | null;
    claimed: string | null;
    order_side: string | null;
  }>(
    staging,
    `SELECT link_id, place, order_id, side, claimed, order_side
     FROM (SELECT l.*, (SELECT f.side FROM fills f WHERE f.bot_id = l.bot_id AND f.order_id = l.order_id LIMIT 1) AS order_side
           FROM links AS l)
     WHERE order_side IS NULL OR side <> order_side`,
  );
  const remove = staging.prepare('DELETE FROM links WHERE link_id = ?');
  for (const { link_id, place, order_id, side, claimed, order_side } of mismatched) {
    remove.run(link_id);
    if (claimed === null) continue;
    const why = order_side
      ? `a link with the signal of a ${side} and the order of a ${order_side}`
      : 'a link whose order is not in the files';
    skip(staging, why, `${place}, order ${order_id}`);
  }
}

/** One configuration is active at a time: a period ends where the next begins. */
function endOverlaps(staging: DatabaseSync): void {
  const overlapping = rows<{ rowid: number; next: string; has_end: number }>(
    staging,
    `SELECT rowid, next, active_until IS NOT NULL AS has_end
     FROM (SELECT rowid, active_until, lead(active_from) OVER (PARTITION BY bot_id ORDER BY active_from) AS next FROM snapshots)
     WHERE next < coalesce(active_until, '9999')`,
  );
  const end = staging.prepare('UPDATE snapshots SET active_until = ? WHERE rowid = ?');
  for (const { rowid, next } of overlapping) end.run(next, rowid);
  const known = overlapping.filter(({ has_end }) => has_end === 1).length;
  if (known > 0)
    note(staging, `${counted(known, 'snapshot')} overlapped the next one; each ends where the next begins.`);
}

/** Reports gaps between periods. The old table stored each configuration only once, so it lacks rollbacks. */
function noteGaps(staging: DatabaseSync): void {
  const gaps = rows<{ active_until: string; next: string; fills: number }>(
    staging,
    `SELECT active_until, next,
       (SELECT count(*) FROM fills f WHERE f.bot_id = gap.bot_id AND f.filled_at >= active_until AND f.filled_at < next) AS fills
     FROM (SELECT bot_id, active_until, lead(active_from) OVER (PARTITION BY bot_id ORDER BY active_from) AS next FROM snapshots) AS gap
     WHERE active_until < next
     ORDER BY fills DESC, active_until`,
  );
  const [most] = gaps;
  if (!most) return;
  const fills = gaps.reduce((sum, gap) => sum + gap.fills, 0);
  const where = `${gaps.length > 1 ? 'such as ' : ''}from ${most.active_until} to ${most.next}`;
  note(
    staging,
    `${counted(gaps.length, 'gap')} between snapshots, ${where}, perhaps because rollbacks were not stored; fills of that time, which count for no strategy: ${fills}.`,
  );
}

/** Drops links and snapshots of bots without fills, where there are fills of others. */
function dropWithoutFills(staging: DatabaseSync): void {
  if (rows(staging, 'SELECT 1 FROM fills LIMIT 1').length === 0) return;
  const bots = rows<{ bot_id: string }>(
    staging,
    'SELECT bot_id FROM (SELECT bot_id FROM snapshots UNION SELECT bot_id FROM links) WHERE bot_id NOT IN (SELECT bot_id FROM fills)',
  );
  for (const { bot_id } of bots)
    for (const table of ['snapshots', 'links']) staging.prepare(`DELETE FROM ${table} WHERE bot_id = ?`).run(bot_id);
  if (bots.length > 0)
    note(
      staging,
      `Nothing is sent of ${counted(bots.length, 'bot')} without fills in the files, such as ${bots[0]?.bot_id}.`,
    );
}

/** Reports links to a snapshot that was not active. The old bot cached the id of its snapshot at start. */
function noteClaims(staging: DatabaseSync): void {
  const [{ stale } = { stale: 0 }] = rows<{ stale: number }>(
    staging,
    `SELECT count(*) AS stale
     FROM links AS l
     JOIN snapshots AS s ON s.bot_id = l.bot_id AND s.id = l.claimed
     JOIN (SELECT bot_id, order_id, min(filled_at) AS filled_at FROM fills GROUP BY bot_id, order_id) AS o
       ON o.bot_id = l.bot_id AND o.order_id = l.order_id
     WHERE o.filled_at < s.active_from OR o.filled_at >= coalesce(s.active_until, '9999')`,
  );
  if (stale > 0)
    note(
      staging,
      `${counted(stale, 'link')} named a snapshot that was not active when its order was filled; these orders are attributed by their time.`,
    );
}
