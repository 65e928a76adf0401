import { thresholds } from '../../thresholds.ts';
import { decimalsOf, decimalText, scaled } from './decimal.ts';
import { inBookOrder, type Leg, type Lot, type Matched, match } from './match.ts';
import type { AllocationRow, BookKey, BookRow, BookState, FillRow, LegRow } from './state.ts';
import { type Scale, type TradePart, tradeParts } from './trade-parts.ts';

/** A change of the fills of a book. */
export interface BookChange {
  readonly added: readonly FillRow[];
  readonly removed: readonly FillRow[];
  /** The stored allocations of the orders that are matched again, and maybe of others. */
  readonly previous: readonly AllocationRow[];
}

/** A book after a change, with the new results of matching. */
export interface Rematched {
  readonly row: BookRow;
  /** All open lots; null when there are many, or they are not all known. */
  readonly lots: readonly LegRow[] | null;
  /** The fills that were matched now, for the first time or again. */
  readonly legs: readonly { readonly fill_id: string; readonly order_id: string }[];
  readonly allocations: readonly AllocationRow[];
  readonly parts: readonly TradePart[];
  /** Unmatched sizes of closing fills, by fill id. */
  readonly unmatched: ReadonlyMap<string, string>;
}

/** Fewest decimal places of money: the precision of a divided fee. */
const MONEY_DECIMALS = 30;

/** Most open lots of a book that are worth remembering. */
const MOST_LOTS = 50;

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
 *  @returns null when more lots have to be read first */
export function rematch(key: BookKey, state: BookState | undefined, change: BookChange): Rematched | null {
  const { legs, lots, scale } = prepared(key, state, change);
  const matched = match(key.position_side, lots, legs);
  const { open, allocations } = matched;
  if (state?.more_lots && !open.some(({ leg }) => lots.some((lot) => lot.leg === leg)) && allocations.length > 0)
    return null;

  const [frontier] = open;
  const latest = legs.at(-1);
  const last_filled_at = lastOf(state, change);
  return {
    row: {
      symbol: key.symbol,
      position_side: key.position_side,
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
    lots: state?.more_lots || open.length > MOST_LOTS ? null : open.map(({ leg }) => legRowIn(leg, scale)),
    ...resultOf(matched, legs, scale),
  };
}

/** Matches a book again of which only the first fills from `state.from_at` on were read. Often the lots that are open after them are the
 *  same with and without the change: then all later fills are matched as before.
 *  @returns null when that is not so, or not known from these fills */
export function rematchBegin(key: BookKey, state: BookState, change: BookChange): Rematched | null {
  const end = state.legs.at(-1)?.[6];
  if (end === undefined || state.more_lots || state.row.pending_from !== null || key.position_id !== '') return null;
  // Further fills of the last instant may not have been read.
  const begin = { ...state, legs: state.legs.filter(([, , , , , , filled_at]) => filled_at < end) };
  if ([...change.added, ...change.removed].some(({ filled_at }) => filled_at >= end)) return null;

  const [now, before] = [change, { ...change, added: [], removed: [] }].map((each) => {
    const { first, dropped, lots, legs, scale } = prepared(key, begin, each);
    // The size of the first lot is known when these fills use it up.
    const isKnown = !first || dropped.some(({ opening_fill_id }) => opening_fill_id !== first.leg.fill_id);
    return isKnown ? { legs, scale, matched: match(key.position_side, lots, legs) } : null;
  });
  if (!now || !before) return null;
  const openAfter = ({ matched, scale }: typeof now) =>
    matched.open.map(({ leg, size, fee_usd }) => [
      ...[leg.fill_id, decimalText(size, scale.size), decimalText(fee_usd, scale.money)],
    ]);
  return JSON.stringify(openAfter(now)) === JSON.stringify(openAfter(before))
    ? {
        row: { ...state.row, last_filled_at: lastOf(state, change) },
        lots: null,
        ...resultOf(now.matched, now.legs, now.scale),
      }
    : null;
}

const lastOf = (state: BookState | undefined, { added }: BookChange): string =>
  [state?.row.last_filled_at ?? '', ...added.map(({ filled_at }) => filled_at)].sort().at(-1) ?? '';

/** What is matched, in fixed-point numbers: the open lots and the legs, in book order. */
interface Prepared {
  readonly lots: readonly Lot[];
  readonly legs: readonly Leg[];
  /** The first of the lots that were read. */
  readonly first: Lot | undefined;
  /** The stored allocations of the legs. */
  readonly dropped: readonly AllocationRow[];
  readonly scale: Scale;
}

function prepared(
  { position_side: side }: BookKey,
  state: BookState | undefined,
  { added, removed, previous }: BookChange,
): Prepared {
  const from = state?.from_at ?? null;
  const gone = new Set(removed.map(({ fill_id }) => fill_id));
  const stored = (state?.legs ?? []).filter(([fill_id]) => !gone.has(fill_id));
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
  const dropped = rematched.size === 0 ? [] : previous.filter(({ closing_fill_id }) => rematched.has(closing_fill_id));

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
  const seen = state?.more_lots && lastRead ? lots.filter(({ leg }) => order(leg, legOf(lastRead)) <= 0) : lots;
  return { lots: seen, legs: rows.map(legOf).sort(order), first, dropped, scale };
}

function resultOf(
  { allocations, unmatched }: Matched,
  legs: readonly Leg[],
  scale: Scale,
): Pick<Rematched, 'legs' | 'allocations' | 'parts' | 'unmatched'> {
  return {
    legs: legs.map(({ fill_id, order_id }) => ({ fill_id, order_id })),
    allocations: allocations.map(({ opening, closing, size, opening_fee_usd, closing_fee_usd }) => ({
      closing_fill_id: closing.fill_id,
      opening_fill_id: opening.fill_id,
      size: decimalText(size, scale.size),
      opening_fee_usd: decimalText(opening_fee_usd, scale.money),
      closing_fee_usd: decimalText(closing_fee_usd, scale.money),
    })),
    parts: tradeParts(allocations, scale),
    unmatched: new Map([...unmatched].map(([id, size]) => [id, decimalText(size, scale.size)])),
  };
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

const legRowIn = ({ fill_id, order_id, side, size, price_usd, fee_usd, filled_at }: Leg, scale: Scale): LegRow => [
  ...([fill_id, order_id, side, decimalText(size, scale.size), decimalText(price_usd, scale.price)] as const),
  ...([decimalText(fee_usd, scale.money), filled_at] as const),
];

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
