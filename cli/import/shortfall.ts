import { type Movement, type Swallowed, swallowedBuys } from './closings.ts';
import { plain, scaled } from './decimal.ts';

export interface Shortfall {
  readonly symbol: string;
  /** Sells that earlier buys do not cover completely, and all sells. */
  readonly sells_without_buy: number;
  readonly sells: number;
  /** The size that must have been held before the first fill to cover every sell. */
  readonly lacks: string;
  readonly first_sell_price: string;
  readonly first_fill_at: string;
  /** Buys that sells of the holdings would close. */
  readonly swallowed: Swallowed | null;
}

/** Computes the missing size of one symbol; null when earlier buys cover all sells.
 *  @param movements in the order in which they are matched: by time, buys first */
export function shortfallOf(movements: readonly Movement[]): Shortfall | null {
  let [balance, lowest, stock] = [0n, 0n, 0n];
  let [sells, without] = [0, 0];
  let [first, firstSell]: (Movement | null)[] = [null, null];
  for (const movement of movements) {
    const size = scaled(movement.size) ?? 0n;
    first ??= movement;
    if (movement.side === 'buy') {
      balance += size;
      stock += size;
      continue;
    }
    firstSell ??= movement;
    sells += 1;
    if (stock < size) without += 1;
    balance -= size;
    stock = stock < size ? 0n : stock - size;
    if (balance < lowest) lowest = balance;
  }
  if (!first || !firstSell || without === 0) return null;
  return {
    symbol: first.symbol,
    sells_without_buy: without,
    sells,
    lacks: plain(-lowest),
    first_sell_price: firstSell.price,
    first_fill_at: first.filled_at,
    swallowed: swallowedBuys(movements, -lowest),
  };
}
