/** Quote currencies that count as USD at par. */
export const AT_PAR = ['USD', 'USDC', 'USDT', 'BUSD', 'FDUSD', 'TUSD', 'DAI'] as const;

/** The currencies of a symbol: `BTC-USD`, `BTC/USDT`, `BTC_USDT`, `BTCUSDT`, or a contract such as `BTC/USDT:USDT` with its settlement
 *  currency. */
export interface SymbolParts {
  /** null when the symbol does not separate base and quote. */
  readonly base: string | null;
  readonly quote: string | null;
  readonly settlement: string | null;
}

/** Splits a symbol into its currencies. @example symbolParts('BTC/USDT:USDT') // { base: 'BTC', quote: 'USDT', settlement: 'USDT' } */
export function symbolParts(symbol: string): SymbolParts {
  const [pair = '', settles = null] = symbol.toUpperCase().split(':', 2);
  // A contract that expires names the day after its settlement currency, as in BTC/USD:BTC-241227.
  const settlement = settles && (settles.split('-', 1)[0] ?? null);
  const at = Math.max(pair.lastIndexOf('-'), pair.lastIndexOf('/'), pair.lastIndexOf('_'));
  if (at > 0) return { base: pair.slice(0, at), quote: pair.slice(at + 1), settlement };
  const quote = AT_PAR.filter((each) => pair.length > each.length && pair.endsWith(each)).sort(
    (a, b) => b.length - a.length,
  )[0];
  return quote ? { base: pair.slice(0, -quote.length), quote, settlement } : { base: null, quote: null, settlement };
}

/** Whether a contract is settled in its base coin. The P&L of such a contract has a different formula. */
export const isInverse = ({ base, settlement }: SymbolParts): boolean => settlement !== null && settlement === base;

/** The price of the symbol's quote currency in USD: 1 for those that count at par, else the `quote_usd` of the fill, or null. */
export function usdPerQuote(symbol: string, quoteUsd: string | null | undefined): string | null {
  const { quote } = symbolParts(symbol);
  return AT_PAR.some((each) => each === quote) ? '1' : (quoteUsd ?? null);
}
