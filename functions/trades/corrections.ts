import { refuseFuture } from '../contract/future.ts';
import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import { canonical } from '../snapshots/canonical.ts';
import { sha256 } from '../snapshots/config-hash.ts';
import type { CorrectFill, Fill, FillCorrection } from './contract.ts';
import { fillRow, rejectionOf } from './fill-row.ts';
import type { FillRow, MatchingState } from './matching/state.ts';
import { stateOf } from './matching-rows.ts';
import * as store from './store.ts';
import { writeFills } from './write-fills.ts';

interface Corrected {
  readonly changed: boolean;
  readonly correction: FillCorrection | null;
}

/** Corrects or voids a fill. The original is kept, its book is matched again, and the affected days are marked for recomputation.
 *  Repeating a request changes nothing, however late.
 *  @throws NotFound, Conflict (the fill is already void), InvalidInput */
export async function correctFill(database: Database, request: CorrectFill, now: Date): Promise<Corrected> {
  const { bot_id, fill_id, reason, void: isVoid = false, ...changes } = request;
  refuseFuture({ filled_at: changes.filled_at, placed_at: changes.placed_at }, now);
  const request_hash = sha256(canonical(request));
  const previous = await store.correctionBy(database, { bot_id, fill_id, request_hash });
  if (previous) return { changed: false, correction: await correctionById(database, bot_id, previous.correction_id) };

  const before = await knownFill(database, bot_id, fill_id);
  const after = isVoid ? null : applyChanges(bot_id, before, changes);
  if (after && JSON.stringify(contentOf(after)) === JSON.stringify(contentOf(before)))
    return { changed: false, correction: null };

  let correction_id: number | null = null;
  const written = writeFills(
    database,
    bot_id,
    [{ ...(after ?? before), changed: true }],
    (state) => {
      expectUnchanged(state, before);
      return { changes: { added: after ? [after] : [], removed: [before], rewritten: [] }, result: null };
    },
    {
      write: async (at, version, change) => {
        // Under the lock, a large change is written in parts. The correction is written with the first part.
        if (correction_id !== null) return store.writeMatching(at, bot_id, version, change);
        const written = await store.correctFill(at, {
          ...{ bot_id, fill_id, version, change, request_hash, reason },
          ...{ before: contentOf(before), after: after && contentOf(after) },
        });
        correction_id = written?.correction_id ?? null;
        return written?.version ?? null;
      },
    },
  );
  try {
    await written;
  } catch (error) {
    // The same request was made concurrently, or this is a retry after a lost response.
    const sameRequest =
      error instanceof Conflict ? await store.correctionBy(database, { bot_id, fill_id, request_hash }) : null;
    if (!sameRequest) throw error;
    return { changed: false, correction: await correctionById(database, bot_id, sameRequest.correction_id) };
  }
  return {
    changed: true,
    correction: correction_id === null ? null : await correctionById(database, bot_id, correction_id),
  };
}

async function knownFill(database: Database, bot_id: string, fill_id: string): Promise<FillRow> {
  const requested = {
    ...({ fill_id, order_id: '', symbol: '', position_side: 'long', position_id: '', side: 'buy' } as const),
    ...{ filled_at: '1970-01-02T00:00:00Z', has_fee: false, has_ids: false, changed: false },
  };
  const { state } = stateOf(await store.matchingState(database, bot_id, [requested], 1));
  const known = state.known.get(fill_id);
  if (known) return known;
  if (state.first.has(fill_id))
    throw new Conflict(`fill ${fill_id} is void: to record an execution, send it under another fill id`);
  throw new NotFound(`bot ${bot_id} has no fill ${fill_id}`);
}

function expectUnchanged({ known }: MatchingState, before: FillRow): void {
  const now = known.get(before.fill_id);
  if (!now || JSON.stringify(contentOf(now)) !== JSON.stringify(contentOf(before)))
    throw new Conflict(`fill ${before.fill_id} was corrected at the same time: try again`);
}

type Changes = Omit<CorrectFill, 'bot_id' | 'fill_id' | 'reason' | 'void'>;

function applyChanges(bot_id: string, before: FillRow, { fee, ...changes }: Changes): FillRow {
  const { net_size: _, price_usd: __, fee_amount, fee_currency, fee_usd, position_id, ...kept } = before;
  const keptFee =
    fee_amount !== null && fee_currency !== null && changes.fee_usd === undefined
      ? { fee: { amount: fee_amount, currency: fee_currency } }
      : { fee_usd };
  const fill = {
    ...{ bot_id, position_id: position_id === '' ? null : position_id },
    ...kept,
    ...(fee ? { fee } : keptFee),
    ...changes,
  } as Fill;
  const reason = rejectionOf(fill);
  if (reason === null) return fillRow(fill);
  const [field = '', ...message] = reason.split(': ');
  throw new InvalidInput([{ path: `/${field}`, message: message.join(': ') }]);
}

/** The content of a fill, as the contract shows it. */
const contentOf = ({
  order_id,
  symbol,
  position_side,
  position_id,
  side,
  price,
  size,
  fee_usd,
  fee_amount,
  fee_currency,
  quote_usd,
  filled_at,
  placed_at,
  client_order_id,
  source,
}: FillRow) => ({
  ...{ order_id, symbol, position_side, position_id: position_id || null, side, price, size, fee_usd },
  fee: fee_amount === null || fee_currency === null ? null : { amount: fee_amount, currency: fee_currency },
  ...{ quote_usd, filled_at, placed_at, client_order_id, source },
});

async function correctionById(database: Database, bot_id: string, id: number): Promise<FillCorrection> {
  const [correction] = await store.corrections(database, { bot_id, cursor: [id + 1] }, 1);
  if (correction?.correction_id !== id) throw new NotFound(`no correction ${id}`);
  return correction;
}

/** Lists corrections, newest first. */
export async function listCorrections(
  database: Database,
  query: store.CorrectionFilter & { limit: number },
): Promise<{ corrections: readonly FillCorrection[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    query.limit,
    (limit) => store.corrections(database, query, limit),
    ({ correction_id }) => [correction_id],
  );
  return { corrections: items, next_cursor };
}
