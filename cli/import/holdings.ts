import type { DatabaseSync } from 'node:sqlite';
import type { Prices } from './charges.ts';
import type { Movement } from './closings.ts';
import { quotient } from './decimal.ts';
import { DETAIL, type Entry, skipped } from './entry.ts';
import { format, type RowContext } from './format.ts';
import { type Shortfall, shortfallOf } from './shortfall.ts';
import { reading } from './sources/reading.ts';
import { tablesIn } from './sources/tables.ts';
import { stageIn } from './stage.ts';
import { rows } from './staging.ts';

export interface Lacking extends Shortfall {
  readonly bot_id: string;
}

/** A holding from before the first fill. */
export interface Holding {
  readonly bot_id: string;
  readonly symbol: string;
  readonly size: string;
  readonly price: string;
}

const holdings = format({
  name: 'holdings',
  what: 'initial holdings',
  columns: { symbol: ['symbol', 'product_id', 'pair'], size: ['size', 'amount'], price: ['price'], cost: ['cost'] },
  needs: ['symbol', 'size'],
  *entries({ text }) {
    const [symbol, size, cost] = [text('symbol'), text('size'), text('cost')];
    yield bought('holdings', { symbol, size, price: cost === null ? text('price') : quotient(cost, size), at: null });
  },
});

interface Held {
  readonly symbol: string | null;
  readonly size: string | null;
  readonly price: string | null;
  /** The time of the symbol's first fill. */
  readonly at: string | null;
}

/** Converts a holding to a manual buy just before the first fill of its symbol. Its P&L counts for no strategy. */
const bought = (origin: string, { symbol, size, price, at }: Held): Entry & { kind: 'fill' } => ({
  kind: 'fill',
  detail: DETAIL.executions,
  fill: {
    fill_id: `${origin}:${symbol}`,
    order_id: `${origin}:${symbol}`,
    symbol,
    side: 'buy',
    price,
    size,
    fee_usd: '0',
    filled_at: at && secondBefore(at),
    source: 'manual',
  },
});

const secondBefore = (at: string): string => new Date(Date.parse(at) - 1000).toISOString();

/** Stages the holdings from before the first fill. @throws Error when it cannot be read */
export async function stageHoldings(staging: DatabaseSync, path: string, prices: Prices): Promise<void> {
  for await (const table of tablesIn(path)) {
    const missing = holdings.missing(table.columns);
    if (missing.length > 0) throw new Error(`${table.name} has no column for ${missing.join(', for ')}`);
    let number = 0;
    for await (const row of table.rows) {
      number += 1;
      const context: RowContext = { number, instant: () => null, nth: () => 1 };
      const place = `${table.name} row ${number}`;
      reading(place, () => {
        for (const entry of holdings.entries(row, context)) stageHolding(staging, entry, { place, prices });
      });
    }
  }
}

function stageHolding(
  staging: DatabaseSync,
  entry: Entry,
  { place, prices }: { readonly place: string; readonly prices: Prices },
): void {
  if (entry.kind !== 'fill') return;
  const stage = stageIn(staging, prices);
  const firsts = rows<{ bot_id: string; at: string }>(
    staging,
    'SELECT bot_id, min(filled_at) AS at FROM fills WHERE symbol = ? GROUP BY bot_id',
    String(entry.fill.symbol),
  );
  if (firsts.length === 0) stage(skipped('a holding of a symbol without fills in the files'), { bot_id: '', place });
  for (const { bot_id, at } of firsts)
    stage({ ...entry, fill: { ...entry.fill, filled_at: secondBefore(at) } }, { bot_id, place });
}

/** Fills in the long book of a symbol, where a sell closes the earliest open buy. */
const ONE_LONG_BOOK = `coalesce(json_extract(body, '$.position_side'), iif(symbol LIKE '%:%', 'net', 'long')) = 'long' AND json_extract(body, '$.position_id') IS NULL`;

/** Determines the size of each symbol that must have been held to cover its sells. */
export function lacking(staging: DatabaseSync): Lacking[] {
  const symbols = rows<{ bot_id: string; symbol: string }>(
    staging,
    `SELECT DISTINCT bot_id, symbol FROM fills WHERE ${ONE_LONG_BOOK} ORDER BY bot_id, symbol`,
  );
  const inOrder = staging.prepare(
    `SELECT symbol, side, price, size, filled_at FROM fills WHERE bot_id = ? AND symbol = ? AND ${ONE_LONG_BOOK} ORDER BY filled_at, side, fill_id`,
  );
  return symbols.flatMap(({ bot_id, symbol }) => {
    const shortfall = shortfallOf(inOrder.all(bot_id, symbol) as unknown as Movement[]);
    return shortfall ? [{ bot_id, ...shortfall }] : [];
  });
}

/** The holdings that are staged. */
export const heldIn = (staging: DatabaseSync): Holding[] =>
  rows(
    staging,
    `SELECT bot_id, symbol, size, price FROM fills WHERE fill_id IN ('holdings:' || symbol, 'assumed-holdings:' || symbol) ORDER BY bot_id, symbol`,
  );

/** Stages the missing sizes as holdings, at the price of the first sell. */
export function assumeHoldings(staging: DatabaseSync, prices: Prices): void {
  const stage = stageIn(staging, prices);
  for (const { bot_id, symbol, lacks, first_sell_price, first_fill_at } of lacking(staging))
    stage(bought('assumed-holdings', { symbol, size: lacks, price: first_sell_price, at: first_fill_at }), {
      bot_id,
      place: symbol,
    });
}
