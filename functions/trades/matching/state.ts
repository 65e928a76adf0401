import type { PositionSide } from './match.ts';

/** Identifies the book of a fill. `position_id` is empty when the bot sent none. */
export interface BookKey {
  readonly symbol: string;
  readonly position_side: PositionSide;
  readonly position_id: string;
}

/** A stored fill: decimals as plain text, times in UTC with microseconds. */
export interface FillRow extends BookKey {
  readonly fill_id: string;
  readonly order_id: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  /** The size less a fee in the base coin; null when there is no such fee. */
  readonly net_size: string | null;
  readonly fee_usd: string | null;
  readonly fee_amount: string | null;
  readonly fee_currency: string | null;
  readonly quote_usd: string | null;
  /** null: the quote counts as USD at par. */
  readonly price_usd: string | null;
  readonly filled_at: string;
  readonly placed_at: string | null;
  readonly client_order_id: string | null;
  readonly source: string | null;
}

/** A fill in the form that `matching_state` returns. */
export type LegRow = readonly [
  fill_id: string,
  order_id: string,
  side: 'buy' | 'sell',
  size: string,
  price_usd: string,
  fee_usd: string,
  filled_at: string,
];

/** A part of a closing fill matched to a part of a lot, as an order stores it. */
export interface AllocationRow {
  readonly closing_fill_id: string;
  readonly opening_fill_id: string;
  readonly size: string;
  readonly opening_fee_usd: string;
  readonly closing_fee_usd: string;
}

/** What an order closed, and the size that it could not close. */
export interface OrderMatch {
  readonly allocations: readonly AllocationRow[];
  readonly unmatched_size: string;
}

/** A stored book: its first open lot and its latest fill. */
export interface BookRow extends BookKey {
  readonly open_fill_id: string | null;
  readonly open_side: 'buy' | 'sell' | null;
  readonly opened_at: string | null;
  readonly open_size: string | null;
  readonly open_fee_usd: string | null;
  readonly last_filled_at: string;
  readonly last_price_usd: string;
  readonly closed: boolean;
  readonly pending_from: string | null;
}

/** A book with the fills needed to match further fills in it. */
export interface BookState {
  readonly row: BookRow;
  /** Fills from this time on are matched again; empty: all fills, null: none. */
  readonly from_at: string | null;
  /** Fills from the first lot on that was open at `from_at` or is open now. */
  readonly lots: readonly LegRow[];
  /** Whether there are more lots than were read. */
  readonly more_lots: boolean;
  /** Fills from `from_at` on. */
  readonly legs: readonly LegRow[];
}

/** The fields of a fill from which the facts of its order are derived. */
export type OrderFill = BookKey &
  Pick<FillRow, 'fill_id' | 'side' | 'source' | 'client_order_id' | 'filled_at' | 'placed_at'>;

/** The stored state of a bot that matching needs. */
export interface MatchingState {
  readonly version: number;
  readonly known: ReadonlyMap<string, FillRow>;
  /** The original content of corrected fills, by fill id. */
  readonly first: ReadonlyMap<string, FillRow>;
  readonly books: ReadonlyMap<string, BookState>;
  readonly orders: ReadonlyMap<string, OrderMatch>;
  readonly order_fills: ReadonlyMap<string, readonly OrderFill[]>;
  /** Books with more fills to match again than one statement returns: they have the first ones only, and maybe not all lots. */
  readonly truncated: ReadonlySet<string>;
  /** Books with more fills than one request may match; the nightly run matches them. */
  readonly waiting?: ReadonlySet<string>;
}

/** A map key for a book. */
export const bookKeyOf = ({ symbol, position_side, position_id }: BookKey): string =>
  JSON.stringify([symbol, position_side, position_id]);
