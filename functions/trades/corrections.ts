import { refuseFuture } from '../contract/future.ts';
import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { canonical, sha256 } from '../snapshots/canonical.ts';
import type { CorrectFill, FillCorrection } from './contract.ts';
import { usdPerQuote } from './quote.ts';
import * as store from './store.ts';

/** Corrects a fill that was wrong, or takes it out: the original is kept, the symbol is matched again, and the days that it
 *  touches are computed anew. The same request again, however late, changes nothing.
 *  @throws NotFound, Conflict (it is void already), InvalidInput */
export async function correctFill(
  database: Database,
  request: CorrectFill,
  now: Date,
): Promise<{ changed: boolean; correction: FillCorrection | null }> {
  const { bot_id, fill_id, reason, void: isVoid = false, ...changes } = request;
  refuseFuture({ filled_at: changes.filled_at, placed_at: changes.placed_at }, now);
  const known = await store.quoted(database, bot_id, fill_id);
  const { symbol = known?.symbol ?? '', quote_usd = known?.quote_usd } = changes;
  const usd_per_quote = usdPerQuote(symbol, quote_usd) ?? (isVoid ? '1' : null);
  if (known && usd_per_quote === null)
    throw new InvalidInput([
      { path: '/quote_usd', message: `is needed, since the quote of ${symbol} is none of USD, USDC and USDT` },
    ]);

  const { changed, correction_id } = await store.correctFill(database, {
    ...{ bot_id, fill_id, reason, changes, usd_per_quote },
    ...{ void: isVoid, request_hash: sha256(canonical(request)) },
    ...{ symbol: known?.symbol ?? null, quote_usd: known?.quote_usd ?? null },
  });
  return { changed, correction: correction_id === null ? null : await correctionById(database, bot_id, correction_id) };
}

async function correctionById(database: Database, bot_id: string, id: number): Promise<FillCorrection> {
  const [correction] = await store.corrections(database, { bot_id, cursor: [id + 1] }, 1);
  if (correction?.correction_id !== id) throw new NotFound(`no correction ${id}`);
  return correction;
}

/** What was corrected, the newest first. */
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
