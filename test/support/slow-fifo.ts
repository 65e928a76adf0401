import { compare, type Fraction, fraction, least, minus, over, plus, sum, times, toText, ZERO } from './fraction.ts';
import { BREAKEVEN_USD, FAST_EXIT_SECONDS } from './reference.ts';

/** A fill as it is posted. `filled_at` is in UTC with microseconds, so that text order is time order. */
export interface SlowFill {
  readonly fill_id: string;
  readonly order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee_usd?: string | null;
  readonly quote_usd?: string | null;
  readonly filled_at: string;
  readonly source?: string | null;
  readonly position_side?: 'long' | 'short' | 'net' | null;
  readonly position_id?: string | null;
}

export interface SlowAllocation {
  readonly sell: SlowFill;
  readonly buy: SlowFill;
  readonly opening: SlowFill;
  readonly closing: SlowFill;
  readonly size: Fraction;
  readonly cost_basis_usd: Fraction;
  readonly net_proceeds_usd: Fraction;
  readonly hold_seconds: Fraction;
}

export interface SlowTrade {
  readonly order_id: string;
  readonly symbol: string;
  readonly entry: string | null;
  readonly closed_at: string;
  readonly size: Fraction;
  readonly pnl_usd: Fraction;
  readonly hold_seconds: Fraction;
}

/** The position side of a fill: by default `net` when the symbol names a settlement currency, else `long`. */
const sideOf = ({ position_side, symbol }: SlowFill) => position_side ?? (symbol.includes(':') ? 'net' : 'long');

const bookOf = (fill: SlowFill): string => JSON.stringify([fill.symbol, sideOf(fill), fill.position_id ?? null]);

/** A simple reference implementation of FIFO matching, book by book: each closing fill, in order, closes the oldest open fills of its
 *  book. Independent of the service: it always starts from scratch, in exact fractions. */
export function slowFifo(fills: readonly SlowFill[]): { allocations: SlowAllocation[]; open: Map<string, Fraction> } {
  const open = new Map(fills.map((fill) => [fill.fill_id, fraction(fill.size)]));
  const held = (fill: SlowFill) => open.get(fill.fill_id) ?? ZERO;
  const allocations: SlowAllocation[] = [];
  for (const book of Map.groupBy(fills, bookOf).values()) {
    const before: SlowFill[] = [];
    for (const closing of book.toSorted(inFifoOrder)) {
      const side = sideOf(closing);
      const opens = side !== 'net' && (closing.side === 'buy') === (side === 'long');
      for (const opening of opens ? [] : before) {
        const size = least(held(closing), held(opening));
        if (opening.side === closing.side || compare(size, ZERO) === 0) continue;
        open.set(closing.fill_id, minus(held(closing), size));
        open.set(opening.fill_id, minus(held(opening), size));
        const [buy, sell] = opening.side === 'buy' ? [opening, closing] : [closing, opening];
        allocations.push({
          ...{ sell, buy, opening, closing, size },
          cost_basis_usd: plus(times(priceUsd(buy), size), share(buy, size)),
          net_proceeds_usd: minus(times(priceUsd(sell), size), share(sell, size)),
          hold_seconds: { n: microseconds(closing.filled_at) - microseconds(opening.filled_at), d: 1_000_000n },
        });
      }
      if (opens || side === 'net') before.push(closing);
    }
  }
  return { allocations, open };
}

/** Derives closed trades: the allocations of each closing order, grouped by entry snapshot, with dust merged into the largest group. */
export function slowTrades(
  fills: readonly SlowFill[],
  allocations: readonly SlowAllocation[],
  entryOf: (openingOrder: string) => string | null,
): SlowTrade[] {
  return [...Map.groupBy(allocations, ({ closing }) => closing.order_id)].flatMap(([order_id, pieces]) => {
    const closed_at = fills
      .filter((fill) => fill.order_id === order_id)
      .reduce((last, { filled_at }) => (filled_at > last ? filled_at : last), '');
    const matched = sum(pieces.map(({ size }) => size));
    const parts = [...Map.groupBy(pieces, ({ opening }) => entryOf(opening.order_id))].map(([entry, own]) => ({
      entry,
      own,
      size: sum(own.map(({ size }) => size)),
    }));
    const [largest, ...others] = parts.toSorted((a, b) => compare(b.size, a.size));
    if (!largest) return [];
    const isDust = ({ size }: { size: Fraction }) => compare(times(size, fraction('100')), matched) < 0;
    const joined = { ...largest, own: [...largest.own, ...others.filter(isDust).flatMap(({ own }) => own)] };
    return [joined, ...others.filter((part) => !isDust(part))].map(({ entry, own }) => {
      const size = sum(own.map((piece) => piece.size));
      return {
        order_id,
        symbol: own[0]?.closing.symbol ?? '',
        entry,
        closed_at,
        size,
        pnl_usd: sum(own.map((piece) => minus(piece.net_proceeds_usd, piece.cost_basis_usd))),
        hold_seconds: over(sum(own.map((piece) => times(piece.hold_seconds, piece.size))), size),
      };
    });
  });
}

/** Computes the figures of a day from its trades, under the names of the contract. Sums are exact. */
export function slowDay(trades: readonly SlowTrade[]) {
  const pnl = trades
    .toSorted((a, b) => order(a.closed_at, b.closed_at) || order(a.order_id, b.order_id))
    .map(({ pnl_usd }) => fraction(toText(pnl_usd, 12)));
  const winning = pnl.filter((each) => compare(each, fraction(String(BREAKEVEN_USD))) > 0);
  const losing = pnl.filter((each) => compare(each, fraction(String(-BREAKEVEN_USD))) < 0);
  const fast = trades.filter(({ hold_seconds }) => compare(hold_seconds, fraction(String(FAST_EXIT_SECONDS))) < 0);
  let [running, peak, drawdown] = [ZERO, ZERO, ZERO];
  for (const each of pnl) {
    running = plus(running, each);
    peak = compare(running, peak) > 0 ? running : peak;
    drawdown = compare(minus(peak, running), drawdown) > 0 ? minus(peak, running) : drawdown;
  }
  return {
    total_trades: trades.length,
    winning_trades: winning.length,
    losing_trades: losing.length,
    breakeven_trades: trades.length - winning.length - losing.length,
    fast_exits_count: fast.length,
    total_pnl_usd: sum(pnl),
    gross_profit_usd: sum(pnl.filter(({ n }) => n > 0n)),
    gross_loss_usd: sum(pnl.filter(({ n }) => n < 0n).map(({ n, d }) => ({ n: -n, d }))),
    max_drawdown_usd: drawdown,
  };
}

/** Orders fills by time, opening fills first where a fill cannot do both, then by the bytes of their id. */
function inFifoOrder(a: SlowFill, b: SlowFill): number {
  const openingFirst = { long: order(a.side, b.side), short: order(b.side, a.side), net: 0 }[sideOf(a)];
  return (
    order(a.filled_at, b.filled_at) || openingFirst || Buffer.compare(Buffer.from(a.fill_id), Buffer.from(b.fill_id))
  );
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const priceUsd = ({ price, quote_usd }: SlowFill): Fraction => times(fraction(price), fraction(quote_usd ?? '1'));
const share = ({ fee_usd, size }: SlowFill, of: Fraction): Fraction =>
  over(times(fraction(fee_usd ?? '0'), of), fraction(size));

/** @example microseconds('1970-01-01T00:00:01.000002Z') // 1000002n */
function microseconds(instant: string): bigint {
  return BigInt(Date.parse(`${instant.slice(0, 19)}Z`)) * 1000n + BigInt(instant.slice(20, 26));
}
