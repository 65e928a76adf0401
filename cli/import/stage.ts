import type { DatabaseSync } from 'node:sqlite';
import type * as z from 'zod';
import { issuesOf } from '../../functions/contract/issues.ts';
import { SaveSnapshot } from '../../functions/snapshots/contract.ts';
import { LinkTrade } from '../../functions/trade-links/contract.ts';
import { Fill } from '../../functions/trades/contract.ts';
import { symbolParts, usdPerQuote } from '../../functions/trades/symbol.ts';
import { product } from './decimal.ts';
import type { Entry } from './entry.ts';
import { skip } from './staging.ts';

export interface Origin {
  readonly bot_id: string;
  /** The table, the row and the id, for messages. */
  readonly place: string;
}

/** Stages an entry, or counts the reason why it cannot be imported. */
export type Stage = (entry: Entry, origin: Origin) => void;

export function stageIn(staging: DatabaseSync): Stage {
  const addFill = staging.prepare('INSERT OR IGNORE INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addLink = staging.prepare('INSERT OR IGNORE INTO links VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  const addSnapshot = staging.prepare('INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?)');
  const bodyOf = staging.prepare('SELECT body FROM fills WHERE bot_id = ? AND fill_id = ?');

  function take(entry: Entry, { bot_id, place }: Origin): void {
    if (entry.kind === 'skipped') throw new Unusable(entry.reason);
    if (entry.kind === 'link') {
      const link = parsed(LinkTrade, { ...entry.link, bot_id });
      const { side = null, claimed = null } = entry;
      addLink.run(bot_id, link.order_id ?? null, side, claimed, place, JSON.stringify(link));
    } else if (entry.kind === 'snapshot') {
      const { active_from, active_until, ...snapshot } = parsed(SaveSnapshot, { ...entry.snapshot, bot_id });
      if (!active_from) throw new Unusable('a snapshot without a readable active_from');
      addSnapshot.run(bot_id, active_from, active_until ?? null, entry.id, JSON.stringify(snapshot));
    } else {
      const fill = fillOf(entry.fill, bot_id);
      const { fill_id, order_id, symbol, side, price, size, filled_at } = fill;
      const body = JSON.stringify(fill);
      const added = addFill.run(bot_id, fill_id, order_id, symbol, side, price, size, filled_at, entry.detail, body);
      if (added.changes === 1) return;
      const isSame = bodyOf.get(bot_id, fill_id)?.body === body;
      throw new Unusable(isSame ? 'is in the files more than once' : 'another with this id is in the files');
    }
  }

  return (entry, origin) => {
    try {
      take(entry, origin);
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      skip(staging, error.message, origin.place);
    }
  };
}

class Unusable extends Error {}

function parsed<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const wrong = issuesOf(result.error, '/').map(({ path, message }) => `${path.slice(1)} ${message}`);
  throw new Unusable(wrong.join('; '));
}

const REQUIRED = ['order_id', 'symbol', 'side', 'price', 'size', 'filled_at'] as const;

function fillOf(written: Extract<Entry, { kind: 'fill' }>['fill'], bot_id: string): Fill {
  // Doubles of other tools have more digits than the contract allows.
  const [price, size, fee_usd] = [written.price, written.size, written.fee_usd].map((value) =>
    typeof value === 'string' ? product(value) : null,
  );
  const given = { ...written, price, size, fee_usd, bot_id };
  const absent = REQUIRED.find((field) => given[field] === null || given[field] === undefined);
  if (absent) throw new Unusable(`it has no readable ${absent}`);
  const fill = parsed(Fill, given);
  if (usdPerQuote(fill.symbol, fill.quote_usd) === null)
    throw new Unusable(`its quote currency has no price in USD (${symbolParts(fill.symbol).quote ?? fill.symbol})`);
  return fill;
}
