/** A fill that the tool states, in the quote currency. */
export interface ClaimedFill {
  readonly order_id: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee: string | null;
}

/** A trade as the bot's own tool accounts for it. */
export interface Claim {
  /** The tool's own id. */
  readonly id: string;
  /** @example 'trade 12' */
  readonly name: string;
  readonly symbol: string;
  readonly isOpen: boolean;
  /** In the quote currency, net of fees: so far, while it is open. */
  readonly pnl: string;
  /** The id that an import gives to its position, where each has a book to itself. */
  readonly position_id: string | null;
  readonly order_ids: readonly string[];
  readonly fills: readonly ClaimedFill[];
  /** What of the P&L is funding: negative when it was paid. */
  readonly funding: string | null;
  /** Funding that the P&L leaves out. */
  readonly payments: readonly Payment[];
}

/** A funding payment of a perpetual, in its quote currency: negative when it was paid. */
export interface Payment {
  readonly symbol: string;
  readonly at: string;
  readonly received: number;
}

/** The trades that a tool states, and those that cannot be compared. */
export interface Claims {
  readonly source: string;
  readonly claims: readonly Claim[];
  /** Trades that the tool has not closed yet. */
  readonly open: readonly Claim[];
  /** Trades without orders, with the reason. */
  readonly skipped: number;
}
