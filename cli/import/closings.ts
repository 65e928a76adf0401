import { scaled } from './decimal.ts';

/** A fill of one symbol. */
export interface Movement {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly filled_at: string;
}

/** A buy that a sell closes which the earlier holdings would otherwise cover. */
export interface Swallowed {
  readonly buys: number;
  readonly first_bought_at: string;
  readonly first_sold_at: string;
}

/** Finds the buys that are matched to another sell when the holdings from before the first fill are unknown. Null when there are none.
 *  @param held the size of these holdings, in units of the last decimal */
export function swallowedBuys(movements: readonly Movement[], held: bigint): Swallowed | null {
  const [without, with_] = [closings(movements, 0n), closings(movements, held)];
  const swallowed = [...without].filter(([bought, sold]) => with_.get(bought) !== sold);
  const [first] = swallowed;
  if (first === undefined) return null;
  const [bought, sold] = first;
  return {
    buys: swallowed.length,
    first_bought_at: movements[bought]?.filled_at ?? '',
    first_sold_at: movements[sold]?.filled_at ?? '',
  };
}

/** The first sell that closes each buy, first in, first out, by their indices. */
function closings(movements: readonly Movement[], held: bigint): Map<number, number> {
  const closedBy = new Map<number, number>();
  const open = [{ index: -1, size: held }];
  let oldest = 0;
  for (const [index, movement] of movements.entries()) {
    const size = scaled(movement.size) ?? 0n;
    if (movement.side === 'buy') {
      open.push({ index, size });
      continue;
    }
    for (let left = size; left > 0n; ) {
      const lot = open[oldest];
      if (lot === undefined) break;
      const taken = lot.size < left ? lot.size : left;
      if (taken > 0n && !closedBy.has(lot.index)) closedBy.set(lot.index, index);
      lot.size -= taken;
      left -= taken;
      if (lot.size === 0n) oldest += 1;
    }
  }
  closedBy.delete(-1);
  return closedBy;
}
