const AT_PAR = new Set(['USD', 'USDC', 'USDT']);

/** The quote of a symbol: what stands after its last `-`, `/` or `_`, a settlement after `:` left out.
 *  @example quoteOf('BTC/USDT:USDT') // 'USDT' */
export function quoteOf(symbol: string): string {
  return /[-/_]([^-/_:]+)(?::.*)?$/.exec(symbol)?.[1]?.toUpperCase() ?? '';
}

/** The price of the symbol's quote in USD: 1 for those that count at par, else what the fill says, or null. */
export function usdPerQuote(symbol: string, quoteUsd: string | null | undefined): string | null {
  return AT_PAR.has(quoteOf(symbol)) ? '1' : (quoteUsd ?? null);
}
