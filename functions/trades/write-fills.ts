import type { Database } from '../database/database.ts';
import { ResultTooLarge } from '../errors.ts';
import { thresholds } from '../thresholds.ts';
import { completeState } from './complete-state.ts';
import { knownState, rememberState } from './known-state.ts';
import { type FillChanges, type MatchingChange, planMatching } from './matching/plan.ts';
import type { FillRow, MatchingState } from './matching/state.ts';
import { type StateRows, stateOf } from './matching-rows.ts';
import * as store from './store.ts';

/** The caller's result, and the ids of its closing fills that were not matched, or only in part. */
export interface Written<Result> {
  readonly result: Result;
  readonly unmatched: readonly string[];
}

/** Determines the changes of fills from the current state. */
export type Decide<Result> = (state: MatchingState) => { readonly changes: FillChanges; readonly result: Result };

/** Writes a change. @returns the new version; null when the bot's matching has changed since `version` was read */
export type Write = (database: Database, version: number, change: MatchingChange) => Promise<number | null>;

/** Number of optimistic attempts before the bot is locked. */
const ATTEMPTS = 2;

/** Most fills of a call whose state is taken from memory. More of them are rarely all new and in order. */
const MOST_FROM_MEMORY = 20;

/** Reads the state, determines the changes, matches, and writes if the bot's matching has not changed in the meantime (optimistic
 *  concurrency). Otherwise retries, finally under the bot's lock, so that progress is guaranteed. If a book has more fills to match again
 *  than `match_budget`, its new fills are stored as pending, and the nightly run matches them. */
export async function writeFills<Result>(
  database: Database,
  botId: string,
  fills: readonly (FillRow & { readonly changed?: boolean })[],
  decide: Decide<Result>,
  { write, budget = thresholds.match_budget as number }: { write?: Write; budget?: number } = {},
): Promise<Written<Result>> {
  const writeTo: Write = write ?? ((to, version, change) => store.writeMatching(to, botId, version, change));
  const requested = fills.map(({ changed = false, fee_usd, client_order_id, source, ...fill }) => ({
    ...fill,
    changed,
    has_fee: fee_usd !== null,
    has_ids: client_order_id !== null || source !== null,
  }));
  const read = async (from: Database, limit: number): Promise<StateRows> =>
    stateOf(await store.matchingState(from, botId, requested, limit));

  // Usually the state is known from the last write, and only has to be confirmed.
  const isUsual = write === undefined && fills.length > 0 && fills.length <= MOST_FROM_MEMORY;
  const known = isUsual ? knownState(botId, fills) : null;
  if (known) {
    const { changes, result } = decide(known.state);
    const change = planMatching(known.state, changes);
    const { version } = known.state;
    const written = change && (await store.writeMatching(database, botId, version, change, known.fresh));
    if (change && written !== null) {
      rememberState(botId, version, written, change);
      return { result, unmatched: unmatchedOf(change, changes) };
    }
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rows = await read(database, thresholds.match_at_once).catch(nullIfTooLarge);
    if (rows === null) break;
    const { changes, result } = decide(rows.state);
    const change = planMatching(rows.state, changes);
    if (change === null) break;
    const { version } = rows.state;
    const written = isEmpty(change) ? version : await writeTo(database, version, change);
    if (written === null) continue;
    rememberState(botId, version, written, change);
    return { result, unmatched: unmatchedOf(change, changes) };
  }
  return database.transaction(async (locked) => {
    await store.lockBot(locked, botId);
    const rows = await read(locked, 0);
    const state = await completeState(locked, botId, rows, budget);
    const { changes, result } = decide(state);
    const change = planMatching(state, changes);
    if (change === null) throw new Error('matching needs more fills than were read under the lock');
    let { version } = state;
    for (const part of inParts(change)) {
      const written = await writeTo(locked, version, part);
      if (written === null) throw new Error('the matching version changed under the lock');
      version = written;
    }
    return { result, unmatched: unmatchedOf(change, changes) };
  });
}

function nullIfTooLarge(error: unknown): null {
  if (error instanceof ResultTooLarge) return null;
  throw error;
}

const isEmpty = ({ fills, removed, books, orders, rematched, emptied }: MatchingChange): boolean =>
  [fills, removed, books, orders, rematched, emptied].every((part) => part.length === 0);

/** Most characters of rematched orders in one call. The Data API accepts 4 MB. */
const PART_CHARACTERS = 2_000_000;

/** Splits a change into calls below the size limit. The first has everything except the rematched orders that do not fit, with the parts
 *  of their trades. */
function* inParts(change: MatchingChange): Generator<MatchingChange> {
  const partsOf = Map.groupBy(change.parts, ({ order_id }) => order_id);
  const rebuilt = new Set(change.rebuild);
  const own = new Set(change.rematched.map(({ order_id }) => order_id));
  let size = 0;
  let rest = {
    ...change,
    parts: change.parts.filter(({ order_id }) => !own.has(order_id)),
    rebuild: change.rebuild.filter((order_id) => !own.has(order_id)),
  };
  let part: MatchingChange['rematched'][number][] = [];
  const withPart = (): MatchingChange => ({
    ...rest,
    rematched: part,
    parts: [...rest.parts, ...part.flatMap(({ order_id }) => partsOf.get(order_id) ?? [])],
    rebuild: [...rest.rebuild, ...part.map(({ order_id }) => order_id).filter((order_id) => rebuilt.has(order_id))],
  });
  for (const order of change.rematched) {
    const characters = JSON.stringify([order, partsOf.get(order.order_id)]).length;
    if (size + characters > PART_CHARACTERS) {
      yield withPart();
      rest = {
        ...change,
        ...{ fills: [], removed: [], books: [], orders: [], parts: [], rebuild: [], emptied: [], unmatched_fills: [] },
      };
      [size, part] = [0, []];
    }
    size += characters;
    part.push(order);
  }
  yield withPart();
}

function unmatchedOf({ unmatched_fills }: MatchingChange, { added }: FillChanges): string[] {
  return added.flatMap(({ fill_id }) => (unmatched_fills.includes(fill_id) ? [fill_id] : []));
}
