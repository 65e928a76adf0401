import { symbolParts } from '../../functions/trades/symbol.ts';
import { difference, plain, product, quotient, scaled, sum } from '../import/decimal.ts';
import type { FreqtradeOrder, FreqtradeTrade } from './trade.ts';

/** A filled order as a fill and a link of the service. Its id is made of the bot's name, the pair and the order's id. The Python client
 *  (strategy_snapshots/freqtrade.py) makes the same, so that nothing is recorded twice. */
export interface Execution {
  readonly fill: {
    readonly fill_id: string;
    readonly order_id: string;
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly price: string;
    readonly size: string;
    readonly fee: { readonly amount: string; readonly currency: string };
    readonly position_side: 'long' | 'short';
    readonly position_id: string;
    readonly filled_at: string;
    readonly placed_at: string | null;
    readonly source: 'freqtrade';
  };
  readonly link: {
    readonly order_id: string;
    readonly signal_time: string;
    readonly trigger_type?: string;
    readonly exit_reason?: string;
  } | null;
}

/** An order, or what the row of a trade says where there is none. */
interface Leg {
  readonly id: string;
  readonly isExit: boolean;
  readonly price: string;
  readonly size: string;
  readonly tag: string | null;
  readonly filledAt: string;
  readonly placedAt: string | null;
}

/** The executions of a trade. Sizes are those after fees in the base coin, and fees are the trade's rates, as freqtrade's own profit has
 *  them; the last exit has the funding or the interest.
 *  @param name the bot's name in its configuration */
export function executionsOf(trade: FreqtradeTrade, name: string): Execution[] {
  const legs = legsOf(trade);
  const currency = symbolParts(trade.pair).quote ?? '';
  const last = trade.isOpen ? undefined : legs.filter(({ isExit }) => isExit).reduce(later, undefined);
  return legs.map((leg) => {
    const { isExit, price, size, filledAt, placedAt } = leg;
    const opens = !isExit;
    const order_id = `${name}:${trade.pair}:${leg.id}`;
    const costs = leg === last ? holdingCosts(trade, legs) : '0';
    return {
      fill: {
        ...{
          fill_id: order_id,
          order_id,
          symbol: trade.pair,
          side: opens === trade.isShort ? 'sell' : 'buy',
          price,
          size,
        },
        fee: { amount: sum(feeOf(trade, leg), costs), currency },
        position_side: trade.isShort ? 'short' : 'long',
        position_id: `${name}:${trade.id}:${Date.parse(trade.openedAt)}`,
        ...{ filled_at: filledAt, placed_at: placedAt, source: 'freqtrade' },
      },
      link: linkOf(trade, leg, { order_id, isLast: leg === last }),
    };
  });
}

const later = (latest: Leg | undefined, leg: Leg): Leg => (latest && latest.filledAt > leg.filledAt ? latest : leg);

/** The orders of a trade. What it closed or opened without an order, such as in databases of old versions, is taken from its own row. */
function legsOf(trade: FreqtradeTrade): Leg[] {
  const legs = trade.orders.map((order) => legOf(trade, order)).filter((leg) => leg !== null);
  const sizes = (isExit: boolean) => sum('0', ...legs.filter((leg) => leg.isExit === isExit).map(({ size }) => size));
  const { openRate, closeRate, closedAt, amount } = trade;
  if (!legs.some(({ isExit }) => !isExit) && !trade.isOpen && openRate && amount)
    legs.unshift(ownLeg(trade, { isExit: false, price: openRate, size: amount, filledAt: trade.openedAt }));
  const [opened, closed] = [sizes(false), sizes(true)];
  const missing = difference(opened, closed) ?? '0';
  if (!trade.isOpen && closeRate && closedAt && isMoreThanDust(missing, opened))
    legs.push(ownLeg(trade, { isExit: true, price: closeRate, size: missing, filledAt: closedAt }));
  return trade.mode === 'margin' ? withoutRepayment(legs, opened) : legs;
}

/** A hundredth of the position, which a closed trade may leave. */
const isMoreThanDust = (size: string, of: string): boolean => (scaled(size) ?? 0n) * 100n > (scaled(of) ?? 0n);

const ownLeg = (trade: FreqtradeTrade, leg: Pick<Leg, 'isExit' | 'price' | 'size' | 'filledAt'>): Leg => ({
  ...{ id: `trade-${trade.id}-${leg.isExit ? 'close' : 'open'}`, tag: null, placedAt: null },
  ...leg,
});

function legOf(trade: FreqtradeTrade, order: FreqtradeOrder): Leg | null {
  const entrySide = trade.isShort ? 'sell' : 'buy';
  const size = difference(order.filled, order.feeInBase);
  const price = priceOf(order);
  const isExit = order.side !== entrySide;
  const filledAt = order.filledAt ?? (isExit ? trade.closedAt : trade.openedAt);
  if (size === null || price === null || filledAt === null || (scaled(size) ?? 0n) <= 0n) return null;
  return { id: order.id, isExit, price, size, tag: order.tag, filledAt, placedAt: order.placedAt };
}

/** What the order was filled at. Without an average, freqtrade's price is the limit, and what was paid is in the cost. A cost that is far
 *  from the price is something else, such as the margin. The REST API does not say whether a price is an average, but has both. */
function priceOf({ average, price, cost, filled }: FreqtradeOrder): string | null {
  const limit = scaled(price) ? price : null;
  if (average) return average;
  const paid = scaled(cost) ? quotient(cost, filled) : null;
  if (paid === null || limit === null) return limit ?? paid;
  const [a, b] = [Number(paid), Number(limit)];
  const isAverage = Math.abs(a / b - 1) < 1e-6;
  return isAverage || a > 1.5 * b || b > 1.5 * a ? limit : paid;
}

/** A fee in the stake currency, at the trade's rate; negative for a rebate. */
const feeOf = ({ feeOpen, feeClose }: FreqtradeTrade, { price, size, isExit }: Leg): string =>
  product(price, size, isExit ? feeClose : feeOpen) ?? '0';

/** What a closed position cost besides fees: the funding paid, or the interest, which only the profit of a margin trade shows. */
function holdingCosts(trade: FreqtradeTrade, legs: readonly Leg[]): string {
  if (trade.mode !== 'margin' || trade.profit === null) return difference('0', trade.fundingFees) ?? '0';
  const before = legs.map((leg) => {
    const value = product(leg.price, leg.size) ?? '0';
    const isSell = leg.isExit !== trade.isShort;
    return difference(isSell ? value : plain(-(scaled(value) ?? 0n)), feeOf(trade, leg)) ?? '0';
  });
  return difference(sum('0', ...before), trade.profit) ?? '0';
}

/** The exit of a margin short also buys the interest back, which is no part of the position. */
function withoutRepayment(legs: readonly Leg[], opened: string): Leg[] {
  let left = scaled(opened) ?? 0n;
  return legs.map((leg) => {
    if (!leg.isExit) return leg;
    const size = scaled(leg.size) ?? 0n;
    const kept = size < left ? size : left;
    left -= kept;
    return kept > 0n ? { ...leg, size: plain(kept) } : leg;
  });
}

/** The tag of an order. The exit reason of a trade is that of its last exit; other exits have their own tags. */
function linkOf(
  { enterTag, exitReason }: FreqtradeTrade,
  { isExit, tag, placedAt, filledAt }: Leg,
  { order_id, isLast }: { readonly order_id: string; readonly isLast: boolean },
): Execution['link'] {
  const why = isExit ? (isLast && exitReason) || tag : tag || enterTag;
  const link = { order_id, signal_time: placedAt ?? filledAt };
  if (!why) return link;
  return { ...link, trigger_type: shortened(why, 100), ...(isExit && { exit_reason: shortened(why, 200) }) };
}

/** By code points, so that no character is cut in two. */
const shortened = (text: string, most: number): string => [...text].slice(0, most).join('');
