import { divided } from './decimal.ts';

/** The direction of a book. `long`: buys open and sells close. `short`: sells open and buys close. `net`: a fill first closes open lots
 *  on the opposite side; the rest of it opens a new lot. */
export type PositionSide = 'long' | 'short' | 'net';

/** A fill in a book, in fixed-point numbers: `size`, `price_usd` and `fee_usd` have the decimal places of sizes, prices and money that
 *  the caller chose. */
export interface Leg {
  readonly fill_id: string;
  readonly order_id: string;
  readonly side: 'buy' | 'sell';
  readonly size: bigint;
  readonly price_usd: bigint;
  readonly fee_usd: bigint;
  /** UTC with microseconds, so that text order is time order. */
  readonly filled_at: string;
}

/** The open part of an opening fill. */
export interface Lot {
  readonly leg: Leg;
  size: bigint;
  fee_usd: bigint;
}

/** A part of a closing fill matched to a part of a lot, each with its share of the fee. */
export interface Allocation {
  readonly opening: Leg;
  readonly closing: Leg;
  readonly size: bigint;
  readonly opening_fee_usd: bigint;
  readonly closing_fee_usd: bigint;
}

/** The result of matching: allocations in the order of their closing fills, open lots in FIFO order, and unmatched sizes of closing
 *  fills by fill id. */
export interface Matched {
  readonly allocations: readonly Allocation[];
  readonly open: readonly Lot[];
  readonly unmatched: ReadonlyMap<string, bigint>;
}

/** Sorts the fills of a book: by time, then opening fills first (except in a net book), then by the bytes of the id. */
export const inBookOrder =
  (side: PositionSide) =>
  (a: Leg, b: Leg): number => {
    if (a.filled_at !== b.filled_at) return a.filled_at < b.filled_at ? -1 : 1;
    if (side !== 'net' && a.side !== b.side) return opens(side, a) ? -1 : 1;
    return byBytes(a.fill_id, b.fill_id);
  };

/** Compares by UTF-8 bytes, as `COLLATE "C"` does. */
export function byBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const opens = (side: 'long' | 'short', leg: Leg): boolean => (leg.side === 'buy') === (side === 'long');

/**
 * Matches the fills of a book first in, first out (FIFO, as in tax law).
 *
 * Only shares of fees are divided, and so rounded. The last piece of a fill takes the rest of its fee, so that the pieces add up exactly.
 * @param open the lots that are open before the first leg, in book order; not modified
 * @param legs in book order
 * @example match('long', [], [buy 2, sell 3]) // one allocation of 2, and 1 of the sell unmatched
 */
export function match(side: PositionSide, open: readonly Lot[], legs: readonly Leg[]): Matched {
  const lots = open.map((lot) => ({ ...lot }));
  let first = 0;
  const allocations: Allocation[] = [];
  const unmatched = new Map<string, bigint>();

  for (const leg of legs) {
    let { size, fee_usd: fee } = leg;
    const closes = side === 'net' ? lots[first]?.leg.side !== leg.side : !opens(side, leg);
    if (closes) {
      for (let lot = lots[first]; lot !== undefined && size > 0n; lot = lots[first]) {
        const piece = size < lot.size ? size : lot.size;
        const opening_fee_usd = piece === lot.size ? lot.fee_usd : share(lot.leg, piece);
        const closing_fee_usd = piece === size ? fee : share(leg, piece);
        allocations.push({ opening: lot.leg, closing: leg, size: piece, opening_fee_usd, closing_fee_usd });
        size -= piece;
        fee -= closing_fee_usd;
        lot.size -= piece;
        lot.fee_usd -= opening_fee_usd;
        if (lot.size === 0n) first += 1;
      }
      if (size === 0n) continue;
      if (side !== 'net') {
        unmatched.set(leg.fill_id, size);
        continue;
      }
    }
    lots.push({ leg, size, fee_usd: fee });
  }
  return { allocations, open: lots.slice(first), unmatched };
}

const share = ({ fee_usd, size }: Leg, piece: bigint): bigint => divided(fee_usd * piece, size);
