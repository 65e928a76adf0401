import type { DatabaseSync } from 'node:sqlite';
import type * as z from 'zod';
import { instant } from '../../functions/contract/fields.ts';
import { issuesOf } from '../../functions/contract/issues.ts';
import { SaveSnapshot } from '../../functions/snapshots/contract.ts';
import { LinkTrade } from '../../functions/trade-links/contract.ts';
import { Fill } from '../../functions/trades/contract.ts';
import { isInverse, symbolParts, usdPerQuote } from '../../functions/trades/symbol.ts';
import { type Charge, feeOf, type Prices, priceOf, Unpriced } from './charges.ts';
import { product } from './decimal.ts';
import type { Entry } from './entry.ts';
import { remark, skip } from './staging.ts';

export interface Origin {
  readonly bot_id: string;
  /** The table, the row and the id, for messages. */
  readonly place: string;
}

/** Stages an entry, or counts the reason why it cannot be imported. @returns whether it is staged */
export type Stage = (entry: Entry, origin: Origin) => boolean;

/** @param prices of quote and fee currencies that are no dollar */
export function stageIn(staging: DatabaseSync, prices: Prices = {}): Stage {
  const addFill = staging.prepare('INSERT OR IGNORE INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addLink = staging.prepare('INSERT OR IGNORE INTO links VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  const addSnapshot = staging.prepare('INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)');
  const bodyOf = staging.prepare('SELECT body FROM fills WHERE bot_id = ? AND fill_id = ?');
  const addFunding = staging.prepare('INSERT INTO funding VALUES (?, ?, ?, ?)');
  const addController = staging.prepare('INSERT INTO controllers VALUES (?, ?, ?, ?, ?)');
  const addAdjustment = staging.prepare('INSERT INTO adjustments VALUES (?, ?, ?, ?, ?, ?)');

  function take(entry: Entry, { bot_id, place }: Origin): void {
    if (entry.kind === 'skipped') throw new Unusable(entry.reason);
    if (entry.kind === 'remark') {
      remark(staging, entry.remark, place);
    } else if (entry.kind === 'link') {
      const link = parsed(LinkTrade, { ...entry.link, bot_id });
      const { side = null, claimed = null } = entry;
      addLink.run(bot_id, link.order_id ?? null, side, claimed, place, JSON.stringify(link));
    } else if (entry.kind === 'funding') {
      addFunding.run(bot_id, entry.symbol, decimalOf(entry.received), instantOf(entry.at));
    } else if (entry.kind === 'controller') {
      addController.run(bot_id, entry.id, instantOf(entry.at), JSON.stringify(entry.config), place);
    } else if (entry.kind === 'snapshot') {
      const { active_from, active_until, ...snapshot } = parsed(SaveSnapshot, { ...entry.snapshot, bot_id });
      if (!active_from) throw new Unusable('a snapshot without a readable active_from');
      const isStated = entry.isStated ? 1 : 0;
      addSnapshot.run(bot_id, active_from, active_until ?? null, entry.id, isStated, JSON.stringify(snapshot));
    } else {
      if (entry.adjusts) {
        const { trade, by, at } = entry.adjusts;
        addAdjustment.run(bot_id, trade, by, at, String(entry.fill.fill_id), place);
        if (by === 'reversal') return;
      }
      const { fill, unpriced } = fillOf(entry, bot_id, prices);
      if (unpriced)
        remark(
          staging,
          `has a fee in ${unpriced}, which counts as missing: state the price with --quote-usd ${unpriced}=<USD>`,
          place,
        );
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
      return true;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      skip(staging, error.message, origin.place);
      return false;
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

/** @throws Unusable */
function decimalOf(text: string): string {
  const value = product(text);
  if (value === null) throw new Unusable('it has no readable amount');
  return value;
}

/** In UTC with six decimals, as in all of the staging, so that text order is time order. @throws Unusable */
function instantOf(at: string | null): string {
  const parsedAt = instant.safeParse(at);
  if (!parsedAt.success) throw new Unusable('it has no readable time');
  return parsedAt.data;
}

type FillEntry = Extract<Entry, { kind: 'fill' }>;

const REQUIRED = ['order_id', 'symbol', 'side', 'price', 'size', 'filled_at'] as const;

interface Staged {
  readonly fill: Fill;
  /** The currency of a fee that is left out, because its price is not known. */
  readonly unpriced: string | null;
}

function fillOf({ fill: written, charges }: FillEntry, bot_id: string, prices: Prices): Staged {
  // Doubles of other tools have more digits than the contract allows.
  const [price, size, fee_usd] = [written.price, written.size, written.fee_usd].map((value) =>
    typeof value === 'string' ? product(value) : null,
  );
  const quote_usd = written.quote_usd ?? quoteUsd(written.symbol, prices);
  const given = { ...written, price, size, fee_usd, quote_usd, bot_id };
  const absent = REQUIRED.find((field) => given[field] === null || given[field] === undefined);
  if (absent) throw new Unusable(`it has no readable ${absent}`);
  const fill = parsed(Fill, given);
  const parts = symbolParts(fill.symbol);
  if (isInverse(parts)) throw new Unusable('an inverse contract (settled in its base coin), which is not supported');
  if (usdPerQuote(fill.symbol, fill.quote_usd) === null) {
    const quote = parts.quote ?? fill.symbol;
    throw new Unusable(`its quote currency has no price in USD (${quote}): state it with --quote-usd ${quote}=<USD>`);
  }
  return charges ? withFee(fill, charges, prices) : { fill, unpriced: null };
}

/** The price of the quote currency of a symbol, where it is needed and stated. */
function quoteUsd(symbol: unknown, prices: Prices): string | null {
  const { quote } = symbolParts(String(symbol));
  return quote === null || priceOf(quote, {}) !== null ? null : priceOf(quote, prices);
}

function withFee(fill: Fill, charges: readonly Charge[], prices: Prices): Staged {
  try {
    const fee = feeOf(charges, { ...fill, quote_usd: fill.quote_usd ?? null }, prices);
    return { fill: parsed(Fill, { ...fill, fee_usd: null, ...fee }), unpriced: null };
  } catch (error) {
    if (!(error instanceof Unpriced)) throw error;
    return { fill: { ...fill, fee_usd: null }, unpriced: error.currency };
  }
}
