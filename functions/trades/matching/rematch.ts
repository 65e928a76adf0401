import { thresholds } from '../../thresholds.ts';
import { decimalsOf, decimalText, scaled } from './decimal.ts';
import { inBookOrder, type Leg, type Lot, match } from './match.ts';
import type { AllocationRow, BookKey, BookRow, BookState, FillRow, LegRow } from './state.ts';

/** Added and removed fills of a book. */
export interface BookChange {
  readonly added: readonly FillRow[];
  readonly removed: ReadonlySet<string>;
}

/** A book after a change, with the new results of matching. */
export interface Rematched {
  readonly row: BookRow;
  /** The fills that were matched now, for the first time or again. */
  readonly legs: readonly { readonly fill_id: string; readonly order_id: string }[];
  readonly allocations: readonly AllocationRow[];
  /** Unmatched sizes of closing fills, by fill id. */
  readonly unmatched: ReadonlyMap<string, string>;
}

/** Fewest decimal places of money: the precision of a divided fee. */
const MONEY_DECIMALS = 30;

/** The size of a fill that is matched: net of a fee in the base coin. */
export const sizeOf = ({ size, net_size }: FillRow): string => net_size ?? size;

const legRowOf = (fill: FillRow): LegRow => [
  fill.fill_id,
  fill.order_id,
  fill.side,
  sizeOf(fill),
  fill.price_usd ?? fill.price,
  fill.fee_usd ?? '0',
  fill.filled_at,
];

/** Matches a book again from `state.from_at` on, or only its added fills when that is null.
 *  @param previous the stored allocations of the orders that are matched again
 *  @returns null when more lots have to be read first */
export function rematch(
  key: BookKey,
  state: BookState | undefined,
  { added, removed }: BookChange,
  previous: readonly AllocationRow[],
): Rematched | null {
  const side = key.position_side;
  const from = state?.from_at ?? null;
  const stored = (state?.legs ?? []).filter(([fill_id]) => !removed.has(fill_id));
  // A late opening fill after the first open lot remains open: under FIFO, no later fill can have closed it.
  const isLot = ({ filled_at }: FillRow): boolean =>
    state !== undefined && (from === null ? filled_at <= state.row.last_filled_at : filled_at < from);
  const lateLots = added.filter(isLot).map(legRowOf);
  const rows = [...stored, ...added.filter((fill) => !isLot(fill)).map(legRowOf)];

  const direction = side === 'long' ? 'buy' : side === 'short' ? 'sell' : state?.lots[0]?.[2];
  const lotRows = [...(state?.lots ?? []).filter(([, , each]) => each === direction), ...lateLots];
  const lastRead = state?.lots.at(-1);
  // Of this book alone: an order may have fills in other books as well.
  const rematched = new Set((state?.legs ?? []).map(([fill_id]) => fill_id));
  const dropped = previous.filter(({ closing_fill_id }) => rematched.has(closing_fill_id));

  const scale = scaleOf(
    [...rows, ...lotRows],
    [...dropped.map(({ size }) => size), state?.row.open_size ?? '0'],
    [...dropped.map(({ opening_fee_usd }) => opening_fee_usd), state?.row.open_fee_usd ?? '0'],
  );
  const legOf = (row: LegRow): Leg => toLeg(row, scale);
  const order = inBookOrder(side);
  const lots: Lot[] = lotRows
    .map(legOf)
    .sort(order)
    .map((leg) => ({ leg, size: leg.size, fee_usd: leg.fee_usd }));
  const first = lots.find(({ leg }) => leg.fill_id === state?.lots[0]?.[0]);
  if (first && state) {
    const isOpen = state.row.open_fill_id === first.leg.fill_id;
    first.size = isOpen ? scaled(state.row.open_size ?? '0', scale.size) : 0n;
    first.fee_usd = isOpen ? scaled(state.row.open_fee_usd ?? '0', scale.money) : 0n;
    for (const piece of dropped.filter(({ opening_fill_id }) => opening_fill_id === first.leg.fill_id)) {
      first.size += scaled(piece.size, scale.size);
      first.fee_usd += scaled(piece.opening_fee_usd, scale.money);
    }
  }
  const legs = rows.map(legOf).sort(order);
  const seen = state?.more_lots && lastRead ? lots.filter(({ leg }) => order(leg, legOf(lastRead)) <= 0) : lots;
  const { allocations, open, unmatched } = match(side, seen, legs);
  if (state?.more_lots && !open.some(({ leg }) => seen.some((lot) => lot.leg === leg)) && allocations.length > 0)
    return null;

  const [frontier] = open;
  const latest = legs.at(-1);
  const last_filled_at =
    [state?.row.last_filled_at ?? '', ...added.map(({ filled_at }) => filled_at)].sort().at(-1) ?? '';
  return {
    row: {
      symbol: key.symbol,
      position_side: side,
      position_id: key.position_id,
      open_fill_id: frontier?.leg.fill_id ?? null,
      open_side: frontier?.leg.side ?? null,
      opened_at: frontier?.leg.filled_at ?? null,
      open_size: frontier ? decimalText(frontier.size, scale.size) : null,
      open_fee_usd: frontier ? decimalText(frontier.fee_usd, scale.money) : null,
      last_filled_at,
      last_price_usd:
        latest && latest.filled_at >= last_filled_at
          ? decimalText(latest.price_usd, scale.price)
          : (state?.row.last_price_usd ?? decimalText(latest?.price_usd ?? 0n, scale.price)),
      closed: key.position_id !== '' && allocations.length > 0 && onlyDust(open, legs),
      pending_from: null,
    },
    legs: legs.map(({ fill_id, order_id }) => ({ fill_id, order_id })),
    allocations: allocations.map(({ opening, closing, size, opening_fee_usd, closing_fee_usd }) => {
      const isLong = opening.side === 'buy';
      const [buy, sell] = isLong ? [opening, closing] : [closing, opening];
      const [buyFee, sellFee] = isLong ? [opening_fee_usd, closing_fee_usd] : [closing_fee_usd, opening_fee_usd];
      const value = ({ price_usd }: Leg) => price_usd * size * 10n ** BigInt(scale.money - scale.price - scale.size);
      return {
        closing_fill_id: closing.fill_id,
        opening_fill_id: opening.fill_id,
        opening_order_id: opening.order_id,
        opened_at: opening.filled_at,
        closed_at: closing.filled_at,
        size: decimalText(size, scale.size),
        opening_fee_usd: decimalText(opening_fee_usd, scale.money),
        closing_fee_usd: decimalText(closing_fee_usd, scale.money),
        cost_basis_usd: decimalText(value(buy) + buyFee, scale.money),
        net_proceeds_usd: decimalText(value(sell) - sellFee, scale.money),
      };
    }),
    unmatched: new Map([...unmatched].map(([id, size]) => [id, decimalText(size, scale.size)])),
  };
}

/** Decimal places of sizes, prices and money in one call. */
interface Scale {
  readonly size: number;
  readonly price: number;
  readonly money: number;
}

function scaleOf(rows: readonly LegRow[], sizes: readonly string[], fees: readonly string[]): Scale {
  let [size, price, money] = [0, 0, MONEY_DECIMALS];
  for (const each of sizes) size = Math.max(size, decimalsOf(each));
  for (const each of fees) money = Math.max(money, decimalsOf(each));
  for (const [, , , rowSize, rowPrice, rowFee] of rows) {
    size = Math.max(size, decimalsOf(rowSize));
    price = Math.max(price, decimalsOf(rowPrice));
    money = Math.max(money, decimalsOf(rowFee));
  }
  return { size, price, money: Math.max(money, size + price) };
}

const toLeg = ([fill_id, order_id, side, size, price, fee, filled_at]: LegRow, scale: Scale): Leg => ({
  fill_id,
  order_id,
  side,
  size: scaled(size, scale.size),
  price_usd: scaled(price, scale.price),
  fee_usd: scaled(fee, scale.money),
  filled_at,
});

/** Whether only dust is left of each opening order. `legs` has all fills of the position. */
function onlyDust(open: readonly Lot[], legs: readonly Leg[]): boolean {
  const shareOf = (order: string) => {
    const left = sum(open.filter(({ leg }) => leg.order_id === order).map(({ size }) => size));
    const opened = sum(legs.filter((leg) => leg.order_id === order).map(({ size }) => size));
    return Number((left * 1_000_000n) / opened) / 1_000_000;
  };
  return open.every(({ leg }) => shareOf(leg.order_id) < thresholds.dust_share);
}

const sum = (sizes: readonly bigint[]): bigint => sizes.reduce((total, size) => total + size, 0n);
