import type { Fill } from '../../functions/trades/contract.ts';
import { AT_PAR, symbolParts, usdPerQuote } from '../../functions/trades/symbol.ts';
import { plain, product, scaled } from './decimal.ts';

/** A fee or a rebate, as the exchange took it. */
export interface Charge {
  /** Negative for a rebate. */
  readonly amount: string;
  readonly currency: string;
  /** Its value in the quote currency, where the source states it. */
  readonly in_quote?: string | null;
}

/** Prices of currencies in USD, by their names in capitals. */
export type Prices = Readonly<Record<string, string>>;

export interface Charged {
  readonly price: string;
  readonly symbol: string;
  readonly quote_usd: string | null;
}

/** Converts the fees of a fill to the one fee of the contract. Several become one amount in USD.
 *  @throws Unpriced when the price of a currency is not known */
export function feeOf(charges: readonly Charge[], fill: Charged, prices: Prices): Pick<Fill, 'fee' | 'fee_usd'> {
  const due = charges.filter(({ amount }) => scaled(amount) !== 0n);
  const [charge, ...others] = due;
  if (charge === undefined) return charges.length > 0 ? { fee_usd: '0' } : {};
  if (others.length > 0) {
    const total = due.reduce((sum, each) => sum + (scaled(inUsd(each, fill, prices)) ?? 0n), 0n);
    return { fee_usd: plain(total) };
  }
  const currency = charge.currency.toUpperCase();
  const { base, quote } = symbolParts(fill.symbol);
  if (currency === base || currency === quote) return { fee: { amount: exact(charge.amount), currency } };
  return { fee_usd: inUsd(charge, fill, prices) };
}

/** A fee whose currency has no known price. */
export class Unpriced extends Error {
  readonly currency: string;
  constructor(currency: string) {
    super(`a fee in ${currency}`);
    this.currency = currency;
  }
}

function inUsd({ amount, currency, in_quote }: Charge, { symbol, price, quote_usd }: Charged, prices: Prices): string {
  const usd = usdPerQuote(symbol, quote_usd);
  const { base, quote } = symbolParts(symbol);
  const name = currency.toUpperCase();
  const value =
    name === base
      ? product(amount, price, usd)
      : name === quote
        ? product(amount, usd)
        : (product(amount, priceOf(name, prices)) ?? product(in_quote ?? null, usd));
  if (value === null) throw new Unpriced(name);
  return value;
}

/** The price of a currency in USD: 1 for those that count at par. */
export const priceOf = (currency: string, prices: Prices): string | null =>
  AT_PAR.some((each) => each === currency) ? '1' : (prices[currency] ?? null);

const exact = (amount: string): string => product(amount) ?? amount;
