import { batch } from '../contract/batch.ts';
import { tooFarAhead } from '../contract/future.ts';
import type { Database } from '../database/database.ts';
import { AllRejected, publicRejection, type Rejection, ResultTooLarge, TooLarge } from '../errors.ts';
import { Fill, MOST_FILLS } from './contract.ts';
import { compareWithKnown, type Received } from './fill-identity.ts';
import { fillRow, rejectionOf } from './fill-row.ts';
import type { FillRow } from './matching/state.ts';
import { type Written, writeFills } from './write-fills.ts';

/** Records fills: stores each once, matches them first in, first out, and derives the closed trades.
 *  @throws InvalidInput, TooLarge, AllRejected */
export async function recordFills(database: Database, body: unknown, now: Date) {
  const { accepted, rejected } = batch(body, {
    schema: Fill,
    most: MOST_FILLS,
    id: 'fill_id',
    refuse: (fill) => futureTime(fill, now) ?? rejectionOf(fill),
  });
  const received: Received[] = [];
  const unmatched: string[] = [];
  for (const [bot_id, items] of [...Map.groupBy(accepted, ({ item }) => item.bot_id)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const rows = items.map(({ index, item }): { index: number; fill: FillRow } => ({ index, fill: fillRow(item) }));
    const written = await recordRows(database, bot_id, rows);
    received.push(...written.result);
    unmatched.push(...written.unmatched);
  }

  const conflicts = received.flatMap(({ index, fill_id, status, reason }): Rejection[] =>
    status === 'conflict' ? [{ index, id: fill_id, reason: `conflict: ${reason}` }] : [],
  );
  const allRejected = [...rejected, ...conflicts].sort((a, b) => a.index - b.index);
  if (received.length === conflicts.length) throw new AllRejected(allRejected);
  const count = (status: string) => received.filter((each) => each.status === status).length;
  return {
    accepted: count('accepted'),
    updated: count('updated'),
    duplicates: count('duplicate'),
    rejected: allRejected.map(publicRejection),
    unmatched,
    warnings:
      unmatched.length > 0
        ? [
            `${unmatched.length} of these fills are closing fills without enough open size to close. A bot that sells short must send "position_side": "short", or "net" if one position can be long or short`,
          ]
        : [],
  };
}

/** Writes a batch; if it is too large for one statement, because its texts are long or much is matched again, writes it in two halves. */
async function recordRows(
  database: Database,
  botId: string,
  rows: readonly { readonly index: number; readonly fill: FillRow }[],
): Promise<Written<Received[]>> {
  try {
    return await writeFills(
      database,
      botId,
      rows.map(({ fill }) => fill),
      (state) => compareWithKnown(state, rows),
    );
  } catch (error) {
    if (!(error instanceof ResultTooLarge || error instanceof TooLarge) || rows.length === 1) throw error;
    const half = Math.ceil(rows.length / 2);
    const first = await recordRows(database, botId, rows.slice(0, half));
    const second = await recordRows(database, botId, rows.slice(half));
    return { result: [...first.result, ...second.result], unmatched: [...first.unmatched, ...second.unmatched] };
  }
}

function futureTime(fill: Fill, now: Date): string | null {
  for (const field of ['filled_at', 'placed_at'] as const) {
    const reason = tooFarAhead(fill[field], now);
    if (reason) return `${field}: ${reason}`;
  }
  return null;
}

/** Matches the fills that were left pending because there were too many for one request. */
export async function finishMatching(database: Database, botId: string): Promise<void> {
  const nothing = { changes: { added: [], removed: [], rewritten: [] }, result: null };
  await writeFills(database, botId, [], () => nothing, { budget: Number.POSITIVE_INFINITY });
}
