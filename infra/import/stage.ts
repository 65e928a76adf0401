import type { DatabaseSync } from 'node:sqlite';
import type * as z from 'zod';
import { issuesOf } from '../../functions/contract/issues.ts';
import { SaveSnapshot } from '../../functions/snapshots/contract.ts';
import { LinkTrade } from '../../functions/trade-links/contract.ts';
import { Fill } from '../../functions/trades/contract.ts';
import { quoteOf, usdPerQuote } from '../../functions/trades/quote.ts';
import type { Entry } from './entry.ts';
import { rows, skip } from './staging.ts';

export interface Origin {
  readonly bot_id: string;
  /** Where it stands, for a person. */
  readonly place: string;
}

const NEEDED = ['order_id', 'symbol', 'side', 'price', 'size', 'filled_at'] as const;

/** Puts what a row comes to into staging, or counts why it cannot be taken, as the contract says it. */
export function stage(staging: DatabaseSync, entry: Entry, { bot_id, place }: Origin): void {
  try {
    if (entry.kind === 'fill') stageFill(staging, entry, bot_id);
    else if (entry.kind === 'link') stageLink(staging, entry, { bot_id, place });
    else if (entry.kind === 'snapshot') stageSnapshot(staging, entry, bot_id);
    else throw new NotTaken(entry.reason);
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    skip(staging, error.message, place);
  }
}

class NotTaken extends Error {}

function parsed<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new NotTaken(
    issuesOf(result.error, '/')
      .map(({ path, message }) => `${path.slice(1)} ${message}`)
      .join('; '),
  );
}

function stageFill(staging: DatabaseSync, { fill, detail }: Extract<Entry, { kind: 'fill' }>, bot_id: string): void {
  const absent = NEEDED.find((field) => fill[field] === null || fill[field] === undefined);
  if (absent) throw new NotTaken(`it has no ${absent} that can be read`);
  const taken = parsed(Fill, { ...fill, bot_id });
  const { fill_id, order_id, symbol, side, price, size, filled_at } = taken;
  if (usdPerQuote(symbol, taken.quote_usd) === null)
    throw new NotTaken(`its quote currency ${quoteOf(symbol)} has no price in USD`.replace('  ', ' '));
  const body = JSON.stringify(taken);
  const { changes } = staging
    .prepare('INSERT OR IGNORE INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(bot_id, fill_id, order_id, symbol, side, price, size, filled_at, detail, body);
  if (changes === 1) return;
  const [other] = rows<{ body: string }>(
    staging,
    'SELECT body FROM fills WHERE bot_id = ? AND fill_id = ?',
    bot_id,
    fill_id,
  );
  throw new NotTaken(
    other?.body === body
      ? 'stands in the files more than once'
      : 'its id stands in the files already, with other content',
  );
}

function stageLink(
  staging: DatabaseSync,
  { link, side = null, claimed = null }: Extract<Entry, { kind: 'link' }>,
  { bot_id, place }: Origin,
): void {
  const taken = parsed(LinkTrade, { ...link, bot_id });
  staging
    .prepare('INSERT OR IGNORE INTO links VALUES (NULL, ?, ?, ?, ?, ?, ?)')
    .run(bot_id, taken.order_id ?? null, side, claimed, place, JSON.stringify(taken));
}

function stageSnapshot(
  staging: DatabaseSync,
  { snapshot, id }: Extract<Entry, { kind: 'snapshot' }>,
  bot_id: string,
): void {
  if (!snapshot.active_from) throw new NotTaken('a snapshot without an active_from that can be read');
  const { active_from, active_until, ...taken } = parsed(SaveSnapshot, { ...snapshot, bot_id });
  staging
    .prepare('INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?)')
    .run(bot_id, active_from ?? null, active_until ?? null, id, JSON.stringify(taken));
}
