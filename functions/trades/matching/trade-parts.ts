import { decimalText } from './decimal.ts';
import { type Allocation, byBytes, type Leg } from './match.ts';

/** Decimal places of sizes, prices and money in one call. */
export interface Scale {
  readonly size: number;
  readonly price: number;
  readonly money: number;
}

/** The sums of what a closing order closed of an opening order. */
export interface TradePart {
  readonly order_id: string;
  readonly opening_order_id: string;
  /** Of the first fill of the opening order that was closed. */
  readonly opened_at: string;
  readonly opening_fill_id: string;
  readonly size: string;
  readonly cost_basis_usd: string;
  readonly net_proceeds_usd: string;
  readonly size_seconds: string;
  readonly opening_fees_usd: string;
  readonly closing_fees_usd: string;
}

interface Sums {
  first: Leg;
  size: bigint;
  cost: bigint;
  proceeds: bigint;
  sizeMicroseconds: bigint;
  openingFees: bigint;
  closingFees: bigint;
}

/** Adds up the allocations of each pair of a closing and an opening order. */
export function tradeParts(allocations: readonly Allocation[], scale: Scale): TradePart[] {
  const byClosing = new Map<string, Map<string, Sums>>();
  const toMoney = 10n ** BigInt(scale.money - scale.price - scale.size);
  for (const { opening, closing, size, opening_fee_usd, closing_fee_usd } of allocations) {
    const byOpening = byClosing.get(closing.order_id) ?? new Map<string, Sums>();
    const sums = byOpening.get(opening.order_id) ?? nothing(opening);
    byClosing.set(closing.order_id, byOpening);
    byOpening.set(opening.order_id, sums);
    const isLong = opening.side === 'buy';
    const [opened, closed] = [opening.price_usd * size * toMoney, closing.price_usd * size * toMoney];
    sums.cost += isLong ? opened + opening_fee_usd : closed + closing_fee_usd;
    sums.proceeds += isLong ? closed - closing_fee_usd : opened - opening_fee_usd;
    sums.size += size;
    sums.sizeMicroseconds += size * (microseconds(closing.filled_at) - microseconds(opening.filled_at));
    sums.openingFees += opening_fee_usd;
    sums.closingFees += closing_fee_usd;
    if (isBefore(opening, sums.first)) sums.first = opening;
  }
  return [...byClosing].flatMap(([order_id, byOpening]) =>
    [...byOpening].map(([opening_order_id, sums]) => ({
      order_id,
      opening_order_id,
      opened_at: sums.first.filled_at,
      opening_fill_id: sums.first.fill_id,
      size: decimalText(sums.size, scale.size),
      cost_basis_usd: decimalText(sums.cost, scale.money),
      net_proceeds_usd: decimalText(sums.proceeds, scale.money),
      size_seconds: decimalText(sums.sizeMicroseconds, scale.size + 6),
      opening_fees_usd: decimalText(sums.openingFees, scale.money),
      closing_fees_usd: decimalText(sums.closingFees, scale.money),
    })),
  );
}

const nothing = (first: Leg): Sums => ({
  first,
  size: 0n,
  cost: 0n,
  proceeds: 0n,
  sizeMicroseconds: 0n,
  openingFees: 0n,
  closingFees: 0n,
});

const isBefore = (a: Leg, b: Leg): boolean =>
  a.filled_at < b.filled_at || (a.filled_at === b.filled_at && byBytes(a.fill_id, b.fill_id) < 0);

/** Since 1970. @example microseconds('1970-01-01T00:00:01.000001Z') // 1000001n */
const microseconds = (time: string): bigint =>
  BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26));
