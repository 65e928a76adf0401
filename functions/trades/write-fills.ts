import type { Database } from '../database/database.ts';
import { ResultTooLarge } from '../errors.ts';
import { thresholds } from '../thresholds.ts';
import { completed } from './deep-read.ts';
import { type FillChanges, type MatchingChange, planMatching } from './matching/plan.ts';
import type { FillRow, MatchingState } from './matching/state.ts';
import { type StateRows, stateOf } from './matching-rows.ts';
import * as store from './store.ts';

/** What was decided of fills, and which of them closed nothing, wholly or in part. */
export interface Written<Result> {
  readonly result: Result;
  readonly unmatched: readonly string[];
}

/** What is to change, given what is known. */
export type Decide<Result> = (state: MatchingState) => { readonly changes: FillChanges; readonly result: Result };

/** Stores a change in place of `write_matching`. @returns whether nothing had moved */
export type Write = (database: Database, version: number, change: MatchingChange) => Promise<boolean>;

/** After so many writes that came too late, the bot is locked. */
const ATTEMPTS = 2;

/** Reads what is known, decides, matches, and writes if the bot's matching has not moved meanwhile; else again, and at last under the
 *  bot's lock, so that progress is certain. A book with more fills to match again than `match_budget` is left for the nightly run:
 *  its new fills are stored, and wait. */
export async function writeFills<Result>(
  database: Database,
  botId: string,
  fills: readonly (FillRow & { readonly changed?: boolean })[],
  decide: Decide<Result>,
  { write = writeTo(botId), budget = thresholds.match_budget as number }: { write?: Write; budget?: number } = {},
): Promise<Written<Result>> {
  const asked = fills.map(
    ({ fill_id, order_id, symbol, position_side, position_id, side, filled_at, changed, ...said }) => ({
      ...{ fill_id, order_id, symbol, position_side, position_id, side, filled_at },
      ...(changed && { changed }),
      ...(said.fee_usd !== null && { has_fee: true }),
      ...((said.client_order_id !== null || said.source !== null) && { has_ids: true }),
    }),
  );
  const read = async (from: Database, limit: number): Promise<StateRows> =>
    stateOf(await store.matchingState(from, botId, asked, limit));

  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rows = await read(database, thresholds.match_at_once).catch(nullWhereTooLarge);
    if (rows === null) break;
    const { changes, result } = decide(rows.state);
    const change = planMatching(rows.state, changes);
    if (change === null) break;
    if (isEmpty(change) || (await write(database, rows.state.version, change)))
      return { result, unmatched: unmatchedOf(change, changes) };
  }
  return database.transaction(async (locked) => {
    await store.lockBot(locked, botId);
    const rows = await read(locked, 0);
    const state = await completed(locked, botId, rows, budget);
    const { changes, result } = decide(state);
    const change = planMatching(state, changes);
    if (change === null) throw new Error('matching lacks fills that it has read');
    let version = state.version;
    for (const part of inParts(change)) {
      if (!(await write(locked, version, part))) throw new Error('matching has moved under the lock');
      version += 1;
    }
    return { result, unmatched: unmatchedOf(change, changes) };
  });
}

function nullWhereTooLarge(error: unknown): null {
  if (error instanceof ResultTooLarge) return null;
  throw error;
}

const writeTo =
  (botId: string): Write =>
  (database, version, change) =>
    store.writeMatching(database, botId, version, change);

const isEmpty = ({ fills, removed, books, orders, rematched, emptied }: MatchingChange): boolean =>
  [fills, removed, books, orders, rematched, emptied].every((part) => part.length === 0);

/** Characters of orders that are matched again, in one call: of its 4 MB. */
const PART = 2_000_000;

/** A change as calls that each pass: the first has everything but the orders that are matched again, as far as they do not fit. */
function* inParts(change: MatchingChange): Generator<MatchingChange> {
  let [rest, size, part]: [MatchingChange, number, MatchingChange['rematched'][number][]] = [change, 0, []];
  for (const order of change.rematched) {
    const own = JSON.stringify(order).length;
    if (size + own > PART) {
      yield { ...rest, rematched: part };
      rest = { ...change, fills: [], removed: [], books: [], orders: [], emptied: [], unmatched_fills: [] };
      [size, part] = [0, []];
    }
    size += own;
    part.push(order);
  }
  yield { ...rest, rematched: part };
}

function unmatchedOf({ unmatched_fills }: MatchingChange, { added }: FillChanges): string[] {
  return added.flatMap(({ fill_id }) => (unmatched_fills.includes(fill_id) ? [fill_id] : []));
}
