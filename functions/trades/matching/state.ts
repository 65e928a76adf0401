import type { PositionSide } from './match.ts';

/** Which book a fill belongs to. `position_id` is empty where the bot named none. */
export interface BookKey {
  readonly symbol: string;
  readonly position_side: PositionSide;
  readonly position_id: string;
}

/** A fill as it is stored: decimals as plain text, times in UTC to the microsecond. */
export interface FillRow extends BookKey {
  readonly fill_id: string;
  readonly order_id: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  /** What is matched, where a fee in the base coin was taken off the size. */
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

/** A fill as matching reads it. */
export type LegRow = readonly [
  fill_id: string,
  order_id: string,
  side: 'buy' | 'sell',
  size: string,
  price_usd: string,
  fee_usd: string,
  filled_at: string,
];

export interface AllocationRow {
  readonly closing_fill_id: string;
  readonly opening_fill_id: string;
  readonly opening_order_id: string;
  readonly opened_at: string;
  readonly closed_at: string;
  readonly size: string;
  readonly opening_fee_usd: string;
  readonly closing_fee_usd: string;
  readonly cost_basis_usd: string;
  readonly net_proceeds_usd: string;
}

/** A book as it is stored: its first open lot, and what came last. */
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

/** A book with what has to be known to match further fills in it. */
export interface BookState {
  readonly row: BookRow;
  /** From when on its fills are matched again: empty for all, null for none. */
  readonly from_at: string | null;
  /** Fills from the first lot on that was open at `from_at`, or is open now. */
  readonly lots: readonly LegRow[];
  /** Whether there may be more of them. */
  readonly more_lots: boolean;
  /** Fills from `from_at` on. */
  readonly legs: readonly LegRow[];
}

/** A fill of an order, as far as the order's facts go. */
export type OrderFill = BookKey &
  Pick<FillRow, 'fill_id' | 'side' | 'source' | 'client_order_id' | 'filled_at' | 'placed_at'>;

/** What is known of a bot before fills are written. */
export interface MatchingState {
  readonly version: number;
  readonly known: ReadonlyMap<string, FillRow>;
  /** What a fill that was corrected said at first, by fill id. */
  readonly first: ReadonlyMap<string, FillRow>;
  readonly books: ReadonlyMap<string, BookState>;
  readonly orders: ReadonlyMap<
    string,
    { readonly unmatched_size: string; readonly allocations: readonly AllocationRow[] }
  >;
  readonly order_fills: ReadonlyMap<string, readonly OrderFill[]>;
  /** Books with more fills to match again than one read brings. */
  readonly truncated: ReadonlySet<string>;
  /** Books with more than may be matched in one call: they wait for the nightly run. */
  readonly waiting?: ReadonlySet<string>;
}

/** One text for one book. */
export const bookKeyOf = ({ symbol, position_side, position_id }: BookKey): string =>
  JSON.stringify([symbol, position_side, position_id]);
