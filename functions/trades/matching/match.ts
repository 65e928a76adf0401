import { divided } from './decimal.ts';

/** Which way a book counts: in `long` buys open and sells close, in `short` the other way round; in `net` a fill closes what is open
 *  the other way round, and what is left of it opens. */
export type PositionSide = 'long' | 'short' | 'net';

/** A fill in a book. Whole numbers: `size` in units of the book's size decimals, `price_usd` in those of its price decimals, `fee_usd`
 *  in those of money. */
export interface Leg {
  readonly fill_id: string;
  readonly order_id: string;
  readonly side: 'buy' | 'sell';
  readonly size: bigint;
  readonly price_usd: bigint;
  readonly fee_usd: bigint;
  /** In UTC with six decimal places, so that it sorts as text. */
  readonly filled_at: string;
}

/** What an opening fill has open. */
export interface Lot {
  readonly leg: Leg;
  size: bigint;
  fee_usd: bigint;
}

/** A piece of a closing fill matched to a piece of a lot. Money includes the fees of its leg. */
export interface Allocation {
  readonly opening: Leg;
  readonly closing: Leg;
  readonly size: bigint;
  readonly opening_fee_usd: bigint;
  readonly closing_fee_usd: bigint;
}

/** What matching leaves: allocations in the order of their closing fills, what is open, first in first out, and what of each closing
 *  fill matched nothing, by its fill id. */
export interface Matched {
  readonly allocations: readonly Allocation[];
  readonly open: readonly Lot[];
  readonly unmatched: ReadonlyMap<string, bigint>;
}

/** The order of fills in a book: by time, opening fills first (except where a fill may do both), then by the bytes of the id. */
export const inBookOrder =
  (side: PositionSide) =>
  (a: Leg, b: Leg): number => {
    if (a.filled_at !== b.filled_at) return a.filled_at < b.filled_at ? -1 : 1;
    if (side !== 'net' && a.side !== b.side) return opens(side, a) ? -1 : 1;
    return byBytes(a.fill_id, b.fill_id);
  };

/** As `COLLATE "C"` compares: by UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const opens = (side: 'long' | 'short', leg: Leg): boolean => (leg.side === 'buy') === (side === 'long');

/**
 * Matches the fills of a book first in, first out (tax law's FIFO, one book at a time).
 *
 * Multiplies first and divides last; the last piece of a fill takes what is left of its fee, so that pieces add up exactly.
 * @param open what is open before the first leg, in book order; it is not changed
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
